/** A list needs a size to know what of it is on the screen; without a layout this says one. */
export class Sizes implements ResizeObserver {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element) {
    const isPane = target instanceof HTMLElement && getComputedStyle(target).overflowY === "auto";
    const contentRect = { width: 800, height: isPane ? 900 : 50 };
    const entry = { target, contentRect } as unknown as ResizeObserverEntry;
    queueMicrotask(() => this.tell([entry], this));
  }
  unobserve() {}
  disconnect() {}
}

// From message to message by the arrow keys. The pane is the one stop of the Tab key; a message that has the focus
// stays drawn however far one scrolls away, so that the keys never lose their place.
import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "./rows";

/** How much of the pane an arrow key scrolls in a message that is longer than it. */
const STEP = 0.8;

/** Between a message that has the focus and the edge of the pane. */
const ROOM = 8;

/** So many frames is waited for a message that is not drawn yet. */
const FRAMES = 30;

export type Roving = ReturnType<typeof useRoving>;

export function useRoving(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<VirtualizerHandle | null>,
  rows: readonly Row[],
) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const focused = rows.findIndex((row) => row.type === "message" && row.message.id === focusedId);

  // What was let go of at the far end takes the focus with it; the keys go on from the pane.
  const isLost = focusedId !== null && focused === -1;
  useEffect(() => {
    if (!isLost) return;
    setFocusedId(null);
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [isLost, scroller]);

  const element = (id: string) =>
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] [data-testid=message]`) ??
    null;

  /** The first or the last message of which all, or the most, is in view. */
  function inView(end: "first" | "last"): string | null {
    const pane = scroller.current?.getBoundingClientRect();
    if (pane === undefined) return null;
    const drawn = [...(scroller.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const seen = drawn.filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > pane.top && top < pane.bottom;
    });
    const whole = seen.filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top >= pane.top - 1 && bottom <= pane.bottom + 1;
    });
    const wanted = whole.length > 0 ? whole : seen;
    return wanted.at(end === "first" ? 0 : -1)?.dataset.row ?? null;
  }

  function focus(id: string): void {
    const index = rows.findIndex((row) => row.type === "message" && row.message.id === id);
    if (index === -1) return;
    if (element(id) === null) list.current?.scrollToIndex(index, { align: "center" });
    take(id, FRAMES);
  }

  /** Gives the focus to a message as soon as it is drawn. */
  function take(id: string, frames: number): void {
    const [pane, message] = [scroller.current, element(id)];
    if (pane === null) return;
    if (message === null) {
      if (frames > 0) requestAnimationFrame(() => take(id, frames - 1));
      return;
    }
    message.focus({ preventScroll: true });
    // Not by the list's own "nearest": that trusts the place of which it heard last.
    const [seen, place] = [pane.getBoundingClientRect(), message.getBoundingClientRect()];
    if (place.top < seen.top) pane.scrollTop += place.top - seen.top - ROOM;
    else if (place.bottom > seen.bottom) {
      pane.scrollTop += Math.min(place.bottom - seen.bottom + ROOM, place.top - seen.top - ROOM);
    }
  }

  /** The message that has the focus, or something in it: asked of the page, for what closes gives the focus back late. */
  function standing(): string | null {
    const { activeElement } = document;
    if (activeElement === null || scroller.current?.contains(activeElement) !== true) return null;
    return activeElement.closest<HTMLElement>("[data-row]")?.dataset.row ?? null;
  }

  function step(by: 1 | -1): void {
    const pane = scroller.current;
    if (pane === null) return;
    const id = standing();
    const focused = rows.findIndex((row) => row.type === "message" && row.message.id === id);
    if (id === null || focused === -1) {
      const first = inView(by === 1 ? "first" : "last");
      if (first !== null) focus(first);
      return;
    }
    const here = element(id)?.getBoundingClientRect();
    const seen = pane.getBoundingClientRect();
    const hidden = here === undefined ? 0 : by === 1 ? here.bottom - seen.bottom : seen.top - here.top;
    if (hidden > 1 && here !== undefined && here.height > seen.height) {
      pane.scrollTop += by * Math.min(hidden, seen.height * STEP);
      return;
    }
    for (let index = focused + by; index >= 0 && index < rows.length; index += by) {
      const row = rows[index];
      if (row?.type !== "message") continue;
      focus(row.message.id);
      return;
    }
    pane.scrollTop = by === 1 ? pane.scrollHeight : 0;
  }

  return {
    /** The message that the keys mean: the one with the focus, else the last in view. */
    current: () => standing() ?? inView("last"),
    keepMounted: focused === -1 ? undefined : [focused],
    element,
    onFocus(event: FocusEvent<HTMLElement>) {
      setFocusedId(event.target.closest<HTMLElement>("[data-row]")?.dataset.row ?? null);
    },
    onBlur(event: FocusEvent<HTMLElement>) {
      if (!event.currentTarget.contains(event.relatedTarget)) setFocusedId(null);
    },
    /** Says whether the key was meant. */
    onKeyDown(event: KeyboardEvent<HTMLElement>): boolean {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
      if (event.key === "ArrowUp") step(-1);
      else if (event.key === "ArrowDown") step(1);
      else if (event.key === "Escape" && standing() !== null)
        scroller.current?.focus({ preventScroll: true });
      else return false;
      return true;
    },
  };
}

import { useSyncExternalStore } from "react";

// One line at the bottom of the window for what needs no answer: it goes away by itself.
const STAYS = 6_000;

let words: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function notify(text: string): void {
  show(text);
  clearTimeout(timer);
  timer = setTimeout(() => show(null), STAYS);
}

export function Notice() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => words,
  );
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-5 z-50 grid place-items-center">
      {text !== null && (
        <p className="max-w-[90vw] rounded-[10px] bg-ink px-4 py-2 text-sm text-bg shadow-raised wrap-anywhere">
          {text}
        </p>
      )}
    </div>
  );
}

function show(text: string | null): void {
  words = text;
  for (const listener of listeners) listener();
}

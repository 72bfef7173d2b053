// What the long lists of the window have in common: the keys that move in them, and how their end is come near.
import { type RefObject, useEffect } from "react";
import type { VListHandle } from "virtua";

/** Rows from the end at which the next page is asked for: before anyone can see that it is missing. */
const AHEAD = 60;

/** Where a key leads from a place in a list; nothing for keys that lead nowhere. */
export function placeByKey(
  key: string,
  from: number,
  { count, list, rowHeight }: { count: number; list: VListHandle | null; rowHeight: number },
): number | null {
  const page = Math.max(1, Math.floor((list?.viewportSize ?? 0) / rowHeight) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined ? null : Math.min(count - 1, Math.max(0, from + step));
}

/** For the list's `onScroll`: asks for more before its last rows are seen. */
export function useEnd(list: RefObject<VListHandle | null>, rows: number, onEnd: () => void): () => void {
  const look = () => {
    const shown = list.current;
    if (shown === null) return;
    const last = shown.findItemIndex(shown.scrollOffset + shown.viewportSize);
    if (last >= rows - AHEAD) onEnd();
  };
  // A first page that does not fill the screen has to ask for more without being scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the number of rows changes
  useEffect(look, [rows]);
  return look;
}

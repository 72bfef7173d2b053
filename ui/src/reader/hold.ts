// Keeps what was jumped to in view while the chat around it still comes. Rows that are measured or arrive after a
// jump can carry it off, and the list (virtua 0.54) draws nothing when it is put back to where it was before it has
// heard that it was moved. So one looks again, until it stands still or the person moves.

/** When is looked, after the jump, in milliseconds. */
const LOOKS = [80, 200, 400, 700, 1_100, 1_600];

/** Calls `again` whenever the row of a message is wanted and not in view. */
export function hold(pane: HTMLElement, id: string, isWanted: () => boolean, again: () => void): void {
  for (const look of LOOKS) {
    setTimeout(() => {
      if (isWanted() && !isInView(pane, id)) {
        // Always a real move, so that the list hears of it.
        pane.scrollTop += pane.scrollTop > 0 ? -1 : 1;
        again();
      }
    }, look);
  }
}

function isInView(pane: HTMLElement, id: string): boolean {
  const row = pane.querySelector(`[data-row="${CSS.escape(id)}"]`);
  if (row === null) return false;
  const [seen, place] = [pane.getBoundingClientRect(), row.getBoundingClientRect()];
  return place.bottom > seen.top && place.top < seen.bottom;
}

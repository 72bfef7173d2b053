/** Where a part of the window takes the keys: the place one is at, else what it says itself, else its first. */
const PLACES = ["[aria-current=page]", "[data-pane-focus]", "a, button, input, [tabindex='0']"];

/** Moves between the rail, the list and the pane. */
export function focusNextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("nav, [data-pane]")].filter(isShown);
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let tried = 1; tried <= panes.length; tried++) {
    const from = here === -1 && step === -1 ? 0 : here;
    const place = placeIn(panes.at((from + step * tried + panes.length * tried) % panes.length));
    if (place === undefined) continue;
    place.focus();
    return;
  }
}

/** Brings the keys to what the page is about. */
export function focusContent(): void {
  const main = [...document.querySelectorAll<HTMLElement>("main, [role=main]")].find(isShown);
  if (main === undefined) return;
  const place = main.querySelector<HTMLElement>("[data-pane-focus]") ?? main;
  // What is only read has no stop of its own.
  if (place === main) main.tabIndex = -1;
  place.focus();
}

function placeIn(pane: HTMLElement | undefined): HTMLElement | undefined {
  if (pane === undefined) return undefined;
  for (const place of PLACES) {
    const found = [...pane.querySelectorAll<HTMLElement>(place)].find(isShown);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

import { useSyncExternalStore } from "react";

/** As `narrow:` in the styles: the columns take turns. */
const narrow = matchMedia("(max-width: 700px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}

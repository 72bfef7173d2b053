// Whether the panel is open, and where in it one is: it stays so from chat to chat, as long as the window is open.
import { useSyncExternalStore } from "react";
import type { GalleryKind } from "../bindings";

export type DetailsTab = "about" | GalleryKind;

export type DetailsState = { open: boolean; tab: DetailsTab };

let state: DetailsState = { open: false, tab: "about" };
const listeners = new Set<() => void>();

export function setDetails(change: Partial<DetailsState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export function useDetails(): DetailsState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

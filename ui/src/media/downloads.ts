// What is on its way to this computer, told by the core as it moves.
import { useSyncExternalStore } from "react";
import { events, type MediaProgress } from "../bindings";

let running: ReadonlyMap<string, MediaProgress> = new Map();
const listeners = new Set<() => void>();

/** Listens for as long as the window lives. */
export function followDownloads(): void {
  events.mediaMoved
    .listen(({ payload }) => {
      running = new Map(payload.running.map((one) => [one.id, one]));
      for (const listener of listeners) listener();
    })
    .catch(() => {});
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How far a file has come; null where it is not under way. */
export function useProgress(id: string): MediaProgress | null {
  return useSyncExternalStore(subscribe, () => running.get(id) ?? null);
}

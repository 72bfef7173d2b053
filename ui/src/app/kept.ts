// A choice that belongs to this window and not to the archive: kept in its storage, heard by whoever shows it.
import { useSyncExternalStore } from "react";

export type Kept<T> = {
  read: () => T;
  write: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
};

/** `check` answers what was kept, or null for what is no such choice (any more). */
export function kept<T>(key: string, check: (value: unknown) => T | null, otherwise: T): Kept<T> {
  const listeners = new Set<() => void>();
  let value = readKept(key, check) ?? otherwise;
  return {
    read: () => value,
    write(next) {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Without storage the choice lasts as long as the window.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useKept<T>({ subscribe, read }: Kept<T>): T {
  return useSyncExternalStore(subscribe, read);
}

function readKept<T>(key: string, check: (value: unknown) => T | null): T | null {
  try {
    return check(JSON.parse(localStorage.getItem(key) ?? "null"));
  } catch {
    return null;
  }
}

// The running sync, kept above the router: it goes on while the person reads, and the Sync page finds it again.
import { Channel } from "@tauri-apps/api/core";
import { useSyncExternalStore } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { commands, type RunReport, type SyncProgress } from "../bindings";
import { advance, NOTHING, type Progress } from "./progress";

export type SyncState = {
  phase: "idle" | "running" | "cancelling";
  startedAt: number;
  progress: Progress;
  /** What came of the last run of this window. */
  reports: readonly RunReport[] | null;
  error: AppError | null;
};

/** How often the bars move at most: faster than this nobody sees. */
const TICK = 60;

let state: SyncState = { phase: "idle", startedAt: 0, progress: NOTHING, reports: null, error: null };
const listeners = new Set<() => void>();
let ended: (() => void) | null = null;

export function syncState(): SyncState {
  return state;
}

export function subscribeSync(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSync(): SyncState {
  return useSyncExternalStore(subscribeSync, syncState);
}

/** What to do when a run of this window ends, well or not. */
export function onSyncEnd(callback: () => void): void {
  ended = callback;
}

/** Pulls everything from one account, or from all. A second call while one runs does nothing. */
export async function startSync(accountId: string | null = null): Promise<void> {
  if (state.phase !== "idle") return;
  set({ phase: "running", startedAt: Date.now(), progress: NOTHING, reports: null, error: null });

  const words: SyncProgress[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const take = () => {
    timer = null;
    const at = Date.now();
    const progress = words.splice(0).reduce((sum, word) => advance(sum, word, at), state.progress);
    set({ progress });
  };
  const channel = new Channel<SyncProgress>();
  channel.onmessage = (word) => {
    words.push(word);
    timer ??= setTimeout(take, TICK);
  };

  try {
    const reports = await call(commands.syncStart(accountId, channel));
    finish(reports, null);
  } catch (fault) {
    finish(null, toAppError(fault));
  }

  function finish(reports: RunReport[] | null, error: AppError | null) {
    if (timer !== null) clearTimeout(timer);
    take();
    set({ phase: "idle", reports, error });
    ended?.();
  }
}

/** Asks the running sync to stop. What has come is kept. */
export async function cancelSync(): Promise<void> {
  if (state.phase === "running") set({ phase: "cancelling" });
  try {
    await call(commands.syncCancel());
  } catch (fault) {
    set({ phase: state.phase === "cancelling" ? "running" : state.phase, error: toAppError(fault) });
  }
}

function set(change: Partial<SyncState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

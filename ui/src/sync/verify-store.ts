// The running comparison with the servers, kept above the router as the sync is.
import { Channel } from "@tauri-apps/api/core";
import { useSyncExternalStore } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { commands, type VerifyProgress, type VerifyReport } from "../bindings";

export type VerifyState = {
  phase: "idle" | "running" | "cancelling";
  progress: VerifyProgress | null;
  /** What came of the last comparison of this window. */
  reports: readonly VerifyReport[] | null;
  error: AppError | null;
};

/** How often the words change at most: faster than this nobody reads. */
const TICK = 100;

const IDLE: VerifyState = { phase: "idle", progress: null, reports: null, error: null };

let state = IDLE;
const listeners = new Set<() => void>();
let ended: (() => void) | null = null;

export function useVerify(): VerifyState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** What to do when a comparison of this window ends, well or not. */
export function onVerifyEnd(callback: () => void): void {
  ended = callback;
}

/** Compares every account with its server and mends what differs. A second call while one runs does nothing. */
export async function startVerify(full: boolean): Promise<void> {
  if (state.phase !== "idle") return;
  set({ ...IDLE, phase: "running" });
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last: VerifyProgress | null = null;
  const channel = new Channel<VerifyProgress>();
  channel.onmessage = (word) => {
    last = word;
    timer ??= setTimeout(() => {
      timer = null;
      set({ progress: last });
    }, TICK);
  };
  try {
    const reports = await call(commands.verifyStart(null, { full, dry_run: false }, channel));
    finish({ reports });
  } catch (fault) {
    finish({ error: toAppError(fault) });
  }

  function finish(result: Partial<VerifyState>) {
    if (timer !== null) clearTimeout(timer);
    set({ ...IDLE, ...result });
    ended?.();
  }
}

/** Asks the running comparison to stop. What is mended stays mended. */
export async function cancelVerify(): Promise<void> {
  if (state.phase === "running") set({ phase: "cancelling" });
  try {
    await call(commands.syncCancel());
  } catch (fault) {
    set({ phase: state.phase === "cancelling" ? "running" : state.phase, error: toAppError(fault) });
  }
}

/** For tests: as when the window opens. */
export function forgetVerify(): void {
  set(IDLE);
}

function set(change: Partial<VerifyState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

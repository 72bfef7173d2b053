// The running export, kept above the router as the sync is: it goes on while the person reads.
import { Channel } from "@tauri-apps/api/core";
import { useSyncExternalStore } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { commands, type ExportProgress, type ExportQuery, type ExportReport } from "../bindings";

/** A chat that may be exported by itself. */
export type ExportChat = { id: string; name: string };

export type ExportState = {
  /** The dialog is open: for this chat, or for all. */
  asking: { chat: ExportChat | null } | null;
  /** `choosing`: the system asks where to. */
  phase: "idle" | "choosing" | "running" | "cancelling";
  progress: ExportProgress | null;
  /** What came of the last export of this window. */
  report: ExportReport | null;
  error: AppError | null;
};

/** How often the count changes at most: faster than this nobody reads. */
const TICK = 100;

const IDLE: ExportState = { asking: null, phase: "idle", progress: null, report: null, error: null };

let state = IDLE;
/** What the dialog was last opened for. */
let asked: ExportChat | null = null;
const listeners = new Set<() => void>();

export function useExport(): ExportState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Opens the dialog. While something is exported already, that is shown instead. */
export function askExport(chat: ExportChat | null): void {
  if (state.phase !== "idle") return;
  asked = chat;
  set({ ...IDLE, asking: { chat } });
}

/** Opens it once more, for the same. */
export function askExportAgain(): void {
  askExport(asked);
}

export function closeExport(): void {
  set({ asking: null });
}

/** Takes the result off the window; what was written stays. */
export function dismissExport(): void {
  if (state.phase === "idle") set(IDLE);
}

/** Asks where to, and writes. The dialog closes as soon as the first message is on its way. */
export async function startExport(query: ExportQuery): Promise<void> {
  if (state.phase !== "idle") return;
  set({ phase: "choosing", progress: null, report: null, error: null });
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last: ExportProgress | null = null;
  const channel = new Channel<ExportProgress>();
  channel.onmessage = (word) => {
    last = word;
    if (state.phase === "choosing") set({ phase: "running", asking: null, progress: word });
    timer ??= setTimeout(() => {
      timer = null;
      set({ progress: last });
    }, TICK);
  };
  try {
    const report = await call(commands.exportStart(query, channel));
    // Nothing was chosen: the dialog is open still, with all that was set in it.
    finish(report === null ? {} : { report, asking: null });
  } catch (fault) {
    const error = toAppError(fault);
    finish(error.code === "export_cancelled" ? {} : { error });
  }

  function finish(result: Partial<ExportState>) {
    if (timer !== null) clearTimeout(timer);
    set({ phase: "idle", progress: null, ...result });
  }
}

/** Asks the running export to stop. Nothing of it stays. */
export async function cancelExport(): Promise<void> {
  if (state.phase === "running") set({ phase: "cancelling" });
  try {
    await call(commands.exportCancel());
  } catch (fault) {
    set({ phase: state.phase === "cancelling" ? "running" : state.phase, error: toAppError(fault) });
  }
}

/** For tests: as when the window opens. */
export function forgetExport(): void {
  set(IDLE);
}

function set(change: Partial<ExportState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

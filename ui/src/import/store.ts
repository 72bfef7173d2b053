// What is being imported, kept above the router as the sync is: it goes on while the person reads.
import { Channel } from "@tauri-apps/api/core";
import { useSyncExternalStore } from "react";
import { type AppError, call, toAppError } from "../app/call";
import {
  commands,
  type ImportOptions,
  type ImportPreview,
  type ImportProgress,
  type ImportReport,
} from "../bindings";

export type ImportState = {
  /** `choosing`: the system asks what; `looking`: it is read; `ready`: it was read and can be brought in. */
  phase: "idle" | "choosing" | "looking" | "ready" | "running" | "cancelling";
  options: ImportOptions;
  /** The name of the key file that was chosen. */
  keyFile: string | null;
  /** What is in the files; of the look before while a newer one goes on. */
  preview: ImportPreview | null;
  progress: ImportProgress | null;
  /** What came of the last import of this window. */
  report: ImportReport | null;
  error: AppError | null;
};

/** How often the count changes at most: faster than this nobody reads. */
const TICK = 100;

export const NO_OPTIONS: ImportOptions = {
  account_id: null,
  new_account: false,
  platform: null,
  format: null,
  zone: null,
  day_first: null,
  me: null,
  chat_id: null,
  key: null,
};

const IDLE: ImportState = {
  phase: "idle",
  options: NO_OPTIONS,
  keyFile: null,
  preview: null,
  progress: null,
  report: null,
  error: null,
};

let state = IDLE;
/** Which look is the newest: an older one that ends later says nothing any more. */
let looks = 0;
let ended: (() => void) | null = null;
const listeners = new Set<() => void>();

export function importState(): ImportState {
  return state;
}

export function useImport(): ImportState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** What to do when an import of this window ends, well or not. */
export function onImportEnd(callback: () => void): void {
  ended = callback;
}

export function isImporting({ phase }: ImportState): boolean {
  return phase === "running" || phase === "cancelling";
}

/** Asks what to import, and looks at it. */
export async function chooseImport(folder: boolean): Promise<void> {
  if (state.phase === "choosing" || isImporting(state)) return;
  const before = state;
  set({ phase: "choosing", error: null });
  try {
    if (await call(commands.importChoose(folder))) await lookAnew();
    else set({ phase: before.phase });
  } catch (fault) {
    set({ phase: before.phase, error: toAppError(fault) });
  }
}

/** Other files than before: what was said of those says nothing of these. */
export async function lookAnew(): Promise<void> {
  if (isImporting(state)) return;
  set(IDLE);
  await look();
}

/** Says something more of the same files, and looks at them again. */
export async function lookWith(change: Partial<ImportOptions>): Promise<void> {
  if (isImporting(state)) return;
  set({ options: { ...state.options, ...change } });
  await look();
}

/** Asks for the key file of encrypted files, and looks at them with it. */
export async function chooseKey(): Promise<void> {
  try {
    const keyFile = await call(commands.importChooseKey());
    if (keyFile === null) return;
    set({ keyFile });
    await lookWith({ key: null });
  } catch (fault) {
    set({ error: toAppError(fault) });
  }
}

/** Looks at what was chosen. */
export async function look(): Promise<void> {
  const mine = ++looks;
  set({ phase: "looking", progress: null, report: null, error: null });
  const telling = listen(() => mine === looks && state.phase === "looking");
  try {
    const preview = await call(commands.importLook(state.options, telling.channel));
    if (mine === looks) set({ phase: "ready", preview });
  } catch (fault) {
    if (mine === looks) set({ phase: state.preview === null ? "idle" : "ready", error: toAppError(fault) });
  } finally {
    telling.end();
  }
}

/** Back to the beginning, with nothing chosen. */
export async function leaveImport(): Promise<void> {
  if (isImporting(state)) return;
  looks += 1;
  set(IDLE);
  await call(commands.importLeave()).catch(() => {});
}

/** Brings in what was looked at. */
export async function startImport(): Promise<void> {
  if (state.phase !== "ready") return;
  set({ phase: "running", progress: null, report: null, error: null });
  const telling = listen(() => isImporting(state));
  try {
    const report = await call(commands.importStart(state.options, telling.channel));
    ended?.();
    set({ ...IDLE, report });
    void call(commands.importLeave()).catch(() => {});
  } catch (fault) {
    ended?.();
    const error = toAppError(fault);
    set({ phase: "ready", error: error.code === "import_cancelled" ? null : error });
  } finally {
    telling.end();
  }
}

/** Asks the running import to stop. What has come stays, and can be taken back. */
export async function cancelImport(): Promise<void> {
  if (state.phase === "running") set({ phase: "cancelling" });
  try {
    await call(commands.importCancel());
  } catch (fault) {
    set({ phase: state.phase === "cancelling" ? "running" : state.phase, error: toAppError(fault) });
  }
}

/** For tests: as when the window opens. */
export function forgetImport(): void {
  looks += 1;
  set(IDLE);
}

/** Hears of the progress as long as it is wanted, not more often than anybody reads. */
function listen(isWanted: () => boolean) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last: ImportProgress | null = null;
  const channel = new Channel<ImportProgress>();
  channel.onmessage = (word) => {
    last = word;
    timer ??= setTimeout(() => {
      timer = null;
      if (isWanted()) set({ progress: last });
    }, TICK);
  };
  const end = () => {
    if (timer !== null) clearTimeout(timer);
    if (state.progress !== null && !isImporting(state) && state.phase !== "looking") set({ progress: null });
  };
  return { channel, end };
}

function set(change: Partial<ImportState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

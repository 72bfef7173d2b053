// The arithmetic of the bars: pure, so that it can be tested without a window or a clock.
import type { SyncProgress } from "../bindings";

export const STAGES = ["conversations", "messages", "contacts", "participants", "media", "receipts"] as const;

export type Stage = (typeof STAGES)[number];

export type StageProgress = { done: number; total: number | null; rowsPerSecond: number };

export type AccountProgress = {
  /** The stage that is being pulled; none once the account's run has ended. */
  stage: Stage | null;
  stages: ReadonlyMap<Stage, StageProgress>;
  /** Bytes of a snapshot, where everything comes at one go. */
  snapshot: { done: number; total: number } | null;
  finished: boolean;
  /** The server did not answer; when it is asked again. */
  retryAt: number | null;
};

type Sample = { at: number; done: number };

export type Progress = {
  accounts: ReadonlyMap<string, AccountProgress>;
  overallDone: number;
  overallTotal: number | null;
  /** The last few seconds, oldest first, for the rate. */
  samples: readonly Sample[];
};

export type BarState = "waiting" | "active" | "done";

/** Rates look at this much of the past. */
const WINDOW = 8_000;

/** Time left is told only after this long: before, it is a guess that jumps. */
const SETTLED = 3_000;

export const NOTHING: Progress = { accounts: new Map(), overallDone: 0, overallTotal: null, samples: [] };

export const NO_STAGES: AccountProgress = {
  stage: null,
  stages: new Map(),
  snapshot: null,
  finished: false,
  retryAt: null,
};

/** What is known after one more word of the engine. */
export function advance(progress: Progress, word: SyncProgress, at: number): Progress {
  const before = progress.accounts.get(word.account_id) ?? NO_STAGES;
  const accounts = new Map(progress.accounts);
  const retryAt = word.retry_in === null ? null : at + word.retry_in * 1_000;
  // Rows that came at one go say nothing of how fast rows come.
  const cameAtOnce = before.snapshot !== null && before.stage === null;
  if (word.stage === "snapshot") {
    const snapshot = { done: word.done, total: word.total ?? word.done };
    accounts.set(word.account_id, { ...before, stage: null, snapshot, finished: false, retryAt });
  } else if (isStage(word.stage)) {
    const stages = new Map(before.stages);
    stages.set(word.stage, { done: word.done, total: word.total, rowsPerSecond: word.rows_per_second });
    accounts.set(word.account_id, { ...before, stage: word.stage, stages, finished: false, retryAt });
  } else {
    accounts.set(word.account_id, { ...before, stage: null, finished: true, retryAt: null });
  }
  const kept = cameAtOnce ? [] : progress.samples.filter((sample) => at - sample.at <= WINDOW);
  return {
    accounts,
    overallDone: word.overall_done,
    overallTotal: word.overall_total ?? progress.overallTotal,
    samples: [...kept, { at, done: word.overall_done }],
  };
}

/** Where a stage stands. A stage is done when a later one has begun, its count is full, or the run is over. */
export function barState(account: AccountProgress, stage: Stage): BarState {
  const own = account.stages.get(stage);
  if (account.finished) return "done";
  if (own === undefined) return "waiting";
  if (account.stage !== stage) return "done";
  return own.total !== null && own.done >= own.total ? "done" : "active";
}

/** How full a bar is, from 0 to 1; nothing where the total is unknown. An empty stage is a full one. */
export function fraction(done: number, total: number | null): number | null {
  if (total === null) return null;
  if (total <= 0) return 1;
  return Math.min(1, Math.max(0, done / total));
}

/** Whole percent, and never 100 before the last row is here. */
export function percent(done: number, total: number | null): number | null {
  const part = fraction(done, total);
  if (part === null) return null;
  return part >= 1 ? 100 : Math.min(99, Math.floor(part * 100));
}

/** Rows a second over the last moments. */
export function overallRate(progress: Progress): number | null {
  const first = progress.samples[0];
  const last = progress.samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < 500) return null;
  const rate = ((last.done - first.done) * 1_000) / (last.at - first.at);
  return rate > 0 ? rate : null;
}

/** Milliseconds that are left, once that can be said honestly. */
export function timeLeft(progress: Progress, startedAt: number, now: number): number | null {
  const rate = overallRate(progress);
  if (rate === null || progress.overallTotal === null || now - startedAt < SETTLED) return null;
  const rows = progress.overallTotal - progress.overallDone;
  return rows <= 0 ? null : (rows / rate) * 1_000;
}

function isStage(name: string): name is Stage {
  return (STAGES as readonly string[]).includes(name);
}

// A sync that brings an invented archive, and the log of those before it.
import type { Channel } from "@tauri-apps/api/core";
import type { Run, RunReport, SyncProgress } from "../bindings";
import { wait } from "./wait";

const STAGES: readonly [string, number][] = [
  ["conversations", 412],
  ["messages", 248_913],
  ["contacts", 1_180],
  ["participants", 3_904],
  ["media", 18_420],
  ["receipts", 61_200],
];

/** One word after another, as the engine says them. */
export async function pull(
  channel: Channel<SyncProgress>,
  account: string,
  pace: number,
  isCancelled: () => boolean,
  state: string,
): Promise<RunReport[]> {
  const all = STAGES.reduce((sum, [, total]) => sum + total, 0);
  const startedAt = Date.now();
  let overall = 0;
  if (state === "snapshot") {
    const total = 62_914_560;
    for (let step = 0; step <= 40; step++) {
      channel.onmessage({
        account_id: account,
        stage: "snapshot",
        done: Math.min(total, Math.round((total * step) / 30)),
        total,
        rows_per_second: 0,
        overall_done: 0,
        overall_total: all,
        retry_in: null,
      });
      await wait(90 / pace);
      if (isCancelled()) return [report(account, "cancelled", 0, startedAt, [])];
    }
  }
  for (const [stage, total] of STAGES) {
    const steps = Math.max(2, Math.round(total / 6_000));
    for (let step = 0; step <= steps; step++) {
      const done = Math.round((total * step) / steps);
      channel.onmessage({
        account_id: account,
        stage,
        done,
        total: state === "untold" ? null : total,
        rows_per_second: 6_600,
        overall_done: overall + done,
        overall_total: state === "untold" ? null : all,
        retry_in: state === "silent" && stage === "messages" ? 12 : null,
      });
      await wait(90 / pace);
      if (state === "offline" && stage === "messages" && step > steps / 2) {
        return [
          report(account, "failed", overall + done, startedAt, [
            {
              code: "unreachable",
              message:
                "https://sync.example.org cannot be reached; check the address and the network, and that the server runs; what is already here is safe",
            },
          ]),
        ];
      }
      if (isCancelled()) return [report(account, "cancelled", overall + done, startedAt, [])];
    }
    overall += total;
  }
  channel.onmessage({
    account_id: account,
    stage: "done",
    done: 0,
    total: null,
    rows_per_second: 0,
    overall_done: all,
    overall_total: state === "untold" ? null : all,
    retry_in: null,
  });
  return [report(account, "completed", all, startedAt, [])];
}

function report(
  account_id: string,
  outcome: RunReport["outcome"],
  saved: number,
  startedAt: number,
  errors: RunReport["errors"],
): RunReport {
  return {
    account_id,
    outcome,
    saved,
    updated: 11,
    unchanged: 0,
    bytes: saved * 260,
    snapshot_rows: 0,
    seconds: (Date.now() - startedAt) / 1_000,
    errors,
    cursors: {},
  };
}

export function runs(): Run[] {
  const base: Run = {
    id: "1",
    account_id: "1",
    mode: "full",
    outcome: "completed",
    started_at: Date.now() - 240_000,
    duration_ms: 120,
    saved: 3,
    updated: 11,
    unchanged: 0,
    bytes: 900,
    errors: [],
  };
  return [
    base,
    { ...base, id: "2", started_at: Date.now() - 9_000_000, duration_ms: 410, saved: 128, updated: 402 },
    {
      ...base,
      id: "3",
      started_at: Date.now() - 90_000_000,
      duration_ms: 21_900,
      saved: 248_771,
      updated: 0,
    },
    {
      ...base,
      id: "4",
      started_at: Date.now() - 250_000_000,
      duration_ms: 30_000,
      saved: 0,
      updated: 0,
      outcome: "failed",
      errors: [{ code: "unreachable", message: "the server cannot be reached" }],
    },
    {
      ...base,
      id: "5",
      started_at: Date.now() - 350_000_000,
      duration_ms: 4_000,
      saved: 41_200,
      updated: 0,
      outcome: "cancelled",
    },
  ];
}

// A comparison with a server that differs a little, and that has lost something where it is asked to.
import type { Channel } from "@tauri-apps/api/core";
import type { StreamVerdict, VerifyProgress, VerifyReport } from "../bindings";

const STREAMS: readonly [string, number][] = [
  ["conversations", 412],
  ["messages", 248_913],
  ["contacts", 1_180],
  ["participants", 3_904],
  ["media", 18_420],
  ["receipts", 61_200],
];

const LOST = {
  code: "server_lost_rows",
  message:
    "The server has lost 12 rows of its messages; those that are here were kept; tell whoever runs the server",
};

export async function compare(
  channel: Channel<VerifyProgress>,
  account_id: string,
  pace: number,
  isCancelled: () => boolean,
  hasLost: boolean,
): Promise<VerifyReport[]> {
  const streams: StreamVerdict[] = [];
  for (const [stream, rows] of STREAMS) {
    for (let step = 0; step <= 10 && !isCancelled(); step++) {
      const phase = step < 3 ? "comparing" : "mending";
      const done = phase === "mending" ? Math.round((rows * step) / 10) : 0;
      channel.onmessage({ account_id, phase, stream, done, total: rows, retry_in: null });
      await new Promise((resolve) => setTimeout(resolve, pace * 4));
    }
    streams.push({ stream, rows, differing: 1, mended: 0, removed: 0, only_here: 0, equal: true });
  }
  const cancelled = isCancelled();
  return [
    {
      account_id,
      outcome: cancelled ? "cancelled" : hasLost ? "partial" : "completed",
      sound: !cancelled && !hasLost,
      mended: 3,
      removed: 1,
      only_here: hasLost ? 12 : 0,
      counters: 0,
      streams,
      errors: hasLost ? [LOST] : [],
      seconds: 2,
    },
  ];
}

// Task 5: windows of one chat that holds everything: at random places, at dates, around hits.
//
// One mirror; ours asks for the whole window (names, quoted messages, files, receipts and reactions beside
// the rows), the limit is one prepared statement that reads the same 50 rows by the same index, and the
// rivals read 50 rows by OFFSET, with better-sqlite3 and with drizzle. Each answer is checked.

import { join } from "node:path";
import { step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, ours, rival, workplace } from "./common.mjs";
import { section } from "./report.mjs";
import { count, quantile, spread } from "./table.mjs";

export async function read({ messages = "1000000", seed = "1", jumps = "2000" }) {
  await build();
  const work = workplace();
  const mirror = join(work, "mirror.db");
  step(`A chat of ${count(messages)} messages`);
  const found = await ours("read", "--mirror", mirror, "--messages", messages, "--seed", seed, "--jumps", jumps);
  // A jump by OFFSET takes so long that a tenth of them says enough.
  const offset = await rival("read", mirror, found.chat, messages, Math.ceil(Number(jumps) / 10));
  clearWorkplace();
  const rows = {
    "threadkeep, a random place": found.jump,
    "threadkeep, a date": found.date,
    "threadkeep, around a hit": found.hit,
    "limit: the same rows, bare": found.bare,
    "limit: one seek, no row": found.seek,
    "better-sqlite3, OFFSET": offset.better_sqlite3,
    "drizzle, OFFSET": offset.drizzle,
  };
  const lines = Object.entries(rows).map(([name, times]) => ({
    "window of 50": name,
    "p50 / p99 ms": spread(times),
    "max ms": Math.max(...times).toFixed(2),
    "p50 × bare": (quantile(times, 0.5) / quantile(found.bare, 0.5)).toFixed(2),
    "p99 × bare": (quantile(times, 0.99) / quantile(found.bare, 0.99)).toFixed(2),
    times: count(times.length),
  }));
  const title = `Task 5: reading a chat of ${count(messages)} messages`;
  return section("read", title, lines, ["Every window held, or did not hold, the message that it had to."], {
    messages,
    ...found,
    offset,
  });
}

// Task 6: search at N messages, and how fast the index is made.
//
// One process fills a mirror with made-up messages, indexes it as the app does, and asks: ours (the whole
// answer: hits, their messages, what is marked in them, about how many there are), `ORDER BY rank` in the
// same index and `LIKE` (row ids only), and the count of a word's messages, which no index answers faster
// than by walking their list. The numbers of hits of 50 words agree with a plain look at every message.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { must, root, run, Stop } from "../scripts/run.mjs";
import { findRust } from "../scripts/setup/rust.mjs";
import { releaseProgram } from "../scripts/build.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";
import { table } from "./table.mjs";

const results = join(root, "bench", "results");

export async function search({ messages = "1000000", seed = "1" }) {
  await findRust();
  step("Building (release)");
  await must("Building", "cargo", ["build", "--release", "-p", "threadkeep-bench"]);
  const work = join(results, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  step(`Filling, indexing and searching ${Number(messages).toLocaleString("en")} messages (seed ${seed})`);
  const [mirror, index] = ["mirror.db", "search.db"].map((name) => join(work, name));
  const wishes = ["search", "--mirror", mirror, "--index", index, "--messages", messages, "--seed", seed];
  const { code, output } = await run(releaseProgram("threadkeep-bench"), wishes, { keep: "hide" });
  if (code !== 0) throw new Stop(`The measurement failed:\n${output}`);
  report(JSON.parse(output.trim().split("\n").at(-1)), seed);
  rmSync(work, { recursive: true, force: true });
}

function report(found, seed) {
  const time = (times) => (times ? `${times.p50.toFixed(2)} / ${times.p99.toFixed(2)}` : "–");
  const lines = found.kinds.map((kind) => ({
    "p50 / p99 ms": kind.name,
    newest: time(kind.ours),
    best: time(kind.best),
    "ORDER BY rank": time(kind.rank),
    LIKE: time(kind.like),
    "count(*)": time(kind.count),
  }));
  const { seconds, cpu_seconds: cpu, peak_bytes: peak } = found.indexing;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
  say(`\nTask 6: search in ${found.messages.toLocaleString("en")} messages (seed ${seed})`);
  say(`${dim(machine)}\n`);
  say(table(lines));
  const rate = Math.round(found.messages / seconds).toLocaleString("en");
  say(`\nIndexed in ${seconds.toFixed(1)} s (${rate} messages/s, ${cpu?.toFixed(1)} CPU s, peak ${mebibytes(peak)} MiB)`);
  say(`Index ${mebibytes(found.index_bytes)} MiB, text ${mebibytes(found.text_bytes)} MiB.`);
  const file = join(results, `search-${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ task: "search", machine, ...found }, null, 2)}\n`);
  say(dim(`Kept in ${file}`));
}

function mebibytes(bytes) {
  return Math.round(bytes / 2 ** 20).toLocaleString("en");
}

// Task 6: search at N messages, and how fast the index is made.
//
// One process fills a mirror with made-up messages, indexes it as the app does, and asks: ours (the whole
// answer: hits, their messages, what is marked in them, about how many there are), `ORDER BY rank` in the
// same index and `LIKE` (row ids only), and the count of a word's messages, which no index answers faster
// than by walking their list. The numbers of hits of 50 words agree with a plain look at every message.

import { join } from "node:path";
import { step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, ours, workplace } from "./common.mjs";
import { section } from "./report.mjs";
import { count, mebibytes } from "./table.mjs";

export async function search({ messages = "1000000", seed = "1" }) {
  await build();
  const work = workplace();
  step(`Filling, indexing and searching ${count(messages)} messages (seed ${seed})`);
  const [mirror, index] = ["mirror.db", "search.db"].map((name) => join(work, name));
  const found = await ours("search", "--mirror", mirror, "--index", index, "--messages", messages, "--seed", seed);
  clearWorkplace();
  return report(found, seed);
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
  const rate = count(Math.round(found.messages / seconds));
  const notes = [
    `Indexed in ${seconds.toFixed(1)} s (${rate} messages/s, ${cpu?.toFixed(1)} CPU s, peak ${mebibytes(peak)} MiB).`,
    `Index ${mebibytes(found.index_bytes)} MiB, text ${mebibytes(found.text_bytes)} MiB.`,
  ];
  return section("search", `Task 6: search in ${count(found.messages)} messages (seed ${seed})`, lines, notes, found);
}

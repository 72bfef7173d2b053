// The first pull, with the time it took. Search, where it is asked for, is FTS5 beside the messages: kept
// by triggers from the first row on, or built when all rows are there.

import { readFileSync } from "node:fs";
import { connect, open, pullStage, stages } from "./client.mjs";
import { build, table, triggers } from "./search.mjs";

/** `upserts(database)` answers a function `(stream, rows)` that stores a page. */
export async function pull(upserts) {
  const [url, token, integration, file, search] = process.argv.slice(2);
  const begun = { time: performance.now(), cpu: cpuSeconds() };
  const database = open(file, integration);
  if (search === "trigger") database.exec(table + triggers);
  const setting = { http: connect(url, token), database, integration, store: upserts(database) };
  let [rows, requests] = [0, 0];
  for (const stage of stages) {
    const pulled = await pullStage(stage, setting);
    rows += pulled.rows;
    requests += pulled.requests;
  }
  if (search === "rebuild") database.exec(table + build + triggers);
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  const result = {
    seconds: (performance.now() - begun.time) / 1000,
    cpu_seconds: cpuSeconds() - begun.cpu,
    peak_bytes: peakBytes(),
    rows,
    requests,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function peakBytes() {
  const line = readFileSync("/proc/self/status", "utf8").match(/^VmHWM:\s+(\d+) kB$/m);
  return line ? Number(line[1]) * 1024 : null;
}

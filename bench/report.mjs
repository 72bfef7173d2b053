// What a task has found, for a person and for the record.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { ask, root } from "../scripts/run.mjs";
import { dim, say } from "../scripts/terminal.mjs";
import { markdown, table } from "./table.mjs";

const results = join(root, "bench", "results");

/** A task's part: its title, lines for a table, and what to know when reading them. `found` is for machines. */
export function section(task, title, lines, notes, found) {
  say(`\n${title}`);
  say(dim(`${machine()}, load ${load().toFixed(1)}\n`));
  say(table(lines));
  for (const note of notes) say(dim(note));
  mkdirSync(results, { recursive: true });
  const file = join(results, `${task}-${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ task, machine: machine(), commit: commit(), ...found }, null, 2)}\n`);
  say(dim(`Kept in ${file}`));
  return { title, lines, notes, load: load() };
}

/**
 * Puts what was found into bench/RESULTS.md: a part of the same task gives way, the others stay. Each says
 * where and when it was measured.
 */
export function save(sections) {
  const file = join(root, "bench", "RESULTS.md");
  const parts = new Map(existsSync(file) ? partsOf(readFileSync(file, "utf8")) : []);
  const date = new Date().toISOString().slice(0, 10);
  for (const { title, lines, notes, load } of sections) {
    const measured = `Measured on ${date} at commit ${commit()}, load at the end ${load.toFixed(1)}: ${machine()}.`;
    parts.set(taskOf(title), [`## ${title}`, markdown(lines), ...notes, measured].join("\n\n"));
  }
  const tasks = [...parts.keys()].sort((one, other) => one.localeCompare(other));
  const head = "# Results\n\nThe last run of each task, written by `npm run bench -- --save`.";
  writeFileSync(file, `${[head, ...tasks.map((task) => parts.get(task))].join("\n\n")}\n`);
  say(dim("\nWritten to bench/RESULTS.md"));
}

/** What stands in the file by now, task by task. */
function partsOf(text) {
  const parts = text.split(/^(?=## )/m).slice(1);
  return parts.map((part) => [taskOf(part.slice(3)), part.trim()]);
}

/** `Task 1` of `Task 1: the first pull …`. */
function taskOf(title) {
  return title.split(":")[0];
}

export function machine() {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

/** How much else ran: more than a few tenths, and times say little. */
export function load() {
  return loadavg()[0];
}

export function commit() {
  const changed = ask("git", ["status", "--porcelain", "--untracked-files=no"]) ? ", with changes" : "";
  return `${ask("git", ["rev-parse", "--short", "HEAD"]) ?? "unknown"}${changed}`;
}

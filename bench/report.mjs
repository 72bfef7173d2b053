// What a task has found, for a person and for the record.

import { mkdirSync, writeFileSync } from "node:fs";
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

/** Writes bench/RESULTS.md. */
export function save(sections, note) {
  const date = new Date().toISOString().slice(0, 10);
  const parts = sections.map(({ title, lines, notes, load }) =>
    [`## ${title}`, markdown(lines), ...notes, `Load at the end: ${load.toFixed(1)}.`].join("\n\n"),
  );
  const head = `# Results\n\nWritten by \`npm run bench -- --save\` (${note}) on ${date}, commit ${commit()}.\n\n${machine()}.`;
  writeFileSync(join(root, "bench", "RESULTS.md"), `${[head, ...parts].join("\n\n")}\n`);
  say(dim("\nWritten to bench/RESULTS.md"));
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

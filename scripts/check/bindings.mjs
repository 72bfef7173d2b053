// The types the window sees are generated and committed, so that a change of the wire between the two
// halves shows in review. Here they are generated again and compared.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildDesktop, buildUi, program } from "../build.mjs";
import { must } from "../run.mjs";

export const committed = "ui/src/bindings.ts";

export default {
  name: "bindings",
  about: `${committed} is what the window's commands say`,
  cost: 5,
  async run(repo) {
    if (!repo.files.includes(committed)) return { problems: [`${committed} is missing: npm run bindings`] };
    return { problems: compare(repo.read(committed), await generated()) };
  },
};

/** The bindings as the window writes them now. */
export async function generated() {
  const folder = mkdtempSync(join(tmpdir(), "threadkeep-bindings-"));
  try {
    const file = join(folder, "bindings.ts");
    await buildUi();
    await buildDesktop();
    await must("Writing the bindings", program("threadkeep-desktop"), ["--export-bindings", file]);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function compare(old, now) {
  if (old === now) return [];
  const [before, after] = [old, now].map((text) => text.split("\n"));
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line < 0 ? after.length : line;
  return [
    `${committed}:${at + 1} is out of date (npm run bindings writes it)\n      now: ${after[at] ?? "(end)"}\n      was: ${before[at] ?? "(end)"}`,
  ];
}

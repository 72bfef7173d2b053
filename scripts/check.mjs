// `npm run check`: the rules that hold the code in shape, one file a rule in scripts/check/.
// `npm run check -- sizes sql` runs only those; `--fix` formats first what can be formatted.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openRepo } from "./check/repo.mjs";
import { inCi, main, root, Stop } from "./run.mjs";
import { duration, green, red, say, yellow } from "./terminal.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "check");

/** Runs the rules, cheapest first, and answers the names of those that found something. */
export async function check({ only = [], fix = false } = {}) {
  const repo = openRepo(root);
  const failed = [];
  for (const rule of await rules(only)) {
    const started = Date.now();
    const { problems, notes = [] } = await rule.run(repo, { fix, ci: inCi });
    const took = Date.now() - started;
    const mark = problems.length === 0 ? green("✓") : red("✗");
    say(`${mark} ${rule.name}: ${rule.about}${took > 2000 ? ` (${duration(took)})` : ""}`);
    for (const note of notes) say(yellow(`    ${note}`));
    for (const problem of problems) say(red(`    ${problem}`));
    if (problems.length > 0) failed.push(rule.name);
  }
  return failed;
}

async function rules(only) {
  const files = readdirSync(folder).filter((name) => /^[a-z_]+\.mjs$/.test(name) && name !== "repo.mjs");
  const found = [];
  for (const file of files) {
    const rule = (await import(pathToFileURL(join(folder, file)))).default;
    if (rule) found.push({ cost: 0, ...rule });
  }
  const unknown = only.filter((name) => !found.some((rule) => rule.name === name));
  if (unknown.length > 0) {
    throw new Stop(`There is no rule ${unknown.join(", ")}; there are ${found.map((r) => r.name).join(", ")}.`, 2);
  }
  return found
    .filter((rule) => only.length === 0 || only.includes(rule.name))
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const wishes = process.argv.slice(2);
    const failed = await check({
      only: wishes.filter((wish) => !wish.startsWith("--")),
      fix: wishes.includes("--fix"),
    });
    if (failed.length > 0) throw new Stop(`Not held: ${failed.join(", ")}.`);
    say(green("\nEvery rule holds."));
  });
}

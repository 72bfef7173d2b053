// `npm run bench -- TASK [--option value …]`: side-by-side measurements. They print and keep what they
// found (bench/results/); no time is ever a test.

import { pull } from "./pull.mjs";
import { rtt } from "./rtt.mjs";
import { search } from "./search.mjs";
import { main, Stop } from "../scripts/run.mjs";

const tasks = { pull, rtt, search };

await main(async () => {
  const [name, ...wishes] = process.argv.slice(2);
  if (!tasks[name]) throw new Stop(`Usage: npm run bench -- ${Object.keys(tasks).join(" | ")} [--option value …]`, 2);
  await tasks[name](options(wishes));
});

function options(wishes) {
  const found = {};
  for (let at = 0; at < wishes.length; at += 2) {
    const [name, value] = [wishes[at]?.replace(/^--/, ""), wishes[at + 1]];
    if (!wishes[at].startsWith("--") || value === undefined) throw new Stop(`What is ${wishes[at]}?`, 2);
    found[name] = value;
  }
  return found;
}

// `npm run bench [-- TASK …] [--option value …]`: side-by-side measurements, all of them without a task. They
// print what they found and keep it (bench/results/, and with `--save` bench/RESULTS.md); no time is ever a
// test.

import { main, Stop } from "../scripts/run.mjs";
import { growth } from "./growth.mjs";
import { archives } from "./import.mjs";
import { live } from "./live.mjs";
import { memory } from "./memory.mjs";
import { pull } from "./pull.mjs";
import { read } from "./read.mjs";
import { save } from "./report.mjs";
import { rtt } from "./rtt.mjs";
import { search } from "./search.mjs";
import { snapshot } from "./snapshot.mjs";
import { inWindow } from "./window.mjs";

const tasks = { pull, rtt, live, read, search, growth, snapshot, import: archives, memory, window: inWindow };

/** A run of all tasks, by its name: what each is told. */
const runs = {
  full: {
    pull: { messages: "1000000" },
    // The other ways wait for minutes; `-- rtt` compares all of them.
    rtt: { messages: "1000000", rounds: "5", ways: "lines" },
    live: {},
    read: {},
    search: {},
    growth: {},
    snapshot: {},
    import: {},
    memory: {},
    window: {},
  },
  // Everything at full size, once: about 20 minutes where nothing else runs. For RESULTS.md on a working day.
  once: {
    pull: { messages: "1000000", rounds: "1" },
    rtt: { messages: "1000000", rounds: "1", rtts: "0,100", ways: "lines" },
    live: { held: "10000,1000000", rounds: "1" },
    read: {},
    search: {},
    growth: { rounds: "1" },
    snapshot: { messages: "200000", rounds: "1" },
    import: { rounds: "1" },
    memory: {},
    window: { times: "5" },
  },
  // Under three minutes once everything is built: whether all of it works, and a rough idea. Without the window, whose
  // release build takes longer than all of it.
  quick: {
    pull: { messages: "20000", rounds: "1" },
    rtt: { messages: "20000", rounds: "1", rtts: "0,100", ways: "lines,one-by-one" },
    live: { held: "10000,20000", rounds: "1", bursts: "0.1" },
    read: { messages: "20000", jumps: "200" },
    search: { messages: "10000" },
    growth: { sizes: "10000,20000", rounds: "1", times: "3" },
    snapshot: { messages: "20000", rounds: "1" },
    import: { messages: "20000", rounds: "1" },
    memory: { sizes: "5,20" },
  },
};

await main(async () => {
  const words = process.argv.slice(2);
  const first = words.findIndex((word) => word.startsWith("--"));
  const names = words.splice(0, first < 0 ? words.length : first);
  const { save: isSaved, ...wishes } = options(words);
  const plan = planOf(names);
  const sections = [];
  for (const [task, told] of plan) {
    sections.push(await tasks[task]({ ...told, ...wishes }));
    // After each one: a run takes half an hour, and what it has found by then is found.
    if (isSaved) save(sections.flat());
  }
});
// Ends also where something that a failed task has started still runs.
process.exit();

/** Tasks by name, or one whole run; each with what it is told. */
function planOf(names) {
  if (names.length === 0) return Object.entries(runs.full);
  if (names.length === 1 && runs[names[0]]) return Object.entries(runs[names[0]]);
  if (names.every((name) => tasks[name])) return names.map((name) => [name, {}]);
  throw new Stop(`Usage: npm run bench -- [full | once | quick | ${Object.keys(tasks).join(" ")}] [--option value …]`, 2);
}

function options(words) {
  const found = {};
  while (words.length > 0) {
    const name = words.shift();
    if (!name.startsWith("--")) throw new Stop(`What is ${name}?`, 2);
    const isAlone = words.length === 0 || words[0].startsWith("--");
    found[name.slice(2)] = isAlone ? "yes" : words.shift();
  }
  return found;
}

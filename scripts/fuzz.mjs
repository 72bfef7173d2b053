// `npm run fuzz [-- TARGET …] [--seconds N]`: gives the readers inputs that nobody would make (cargo-fuzz,
// libFuzzer), each target for a minute unless told otherwise. What makes one fail is kept in
// `crates/ingest/fuzz/artifacts`; copied to `crates/ingest/fuzz/seeds/TARGET` it is a test of `npm test`.
// `npm run fuzz -- --seeds` makes the seeds anew, from the inputs of the tests and what fuzzing has found since.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { targetFolder } from "./build.mjs";
import { main, must, root, run, Stop } from "./run.mjs";
import { findRust } from "./setup/rust.mjs";
import { tool } from "./setup/tools.mjs";
import { dim, green, red, say, step } from "./terminal.mjs";

const folder = join(root, "crates", "ingest", "fuzz");
const seeds = join(folder, "seeds");
/** A seed beyond this is left to whoever fuzzes: the repository is no place for it. */
const maxSeedBytes = 48 * 1024;
/** All seeds of a target together, but for the first. */
const maxTargetBytes = 24 * 1024;

await main(async () => {
  const { names, seconds, isSeeding } = wishes(process.argv.slice(2));
  await findRust();
  const program = await tool("cargo-fuzz");
  const work = join(targetFolder(), "fuzz");
  // The versions that are shipped are those that are fuzzed.
  copyFileSync(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
  const fuzz = (...args) => command(program, work, args);
  step("Building the targets (an optimised build of its own: some minutes at first)");
  await must("Building the targets", ...fuzz("build"));
  if (isSeeding) {
    await remake(names, work, fuzz);
    return;
  }
  const failed = [];
  for (const name of names) {
    step(`${name}, for ${seconds} s`);
    const { code, output } = await run(...withKept(fuzz("run", name, grown(work, name), join(seeds, name), "--", ...limits(seconds))));
    const last = output.split("\n").filter((line) => /^#\d+|Done \d+/.test(line)).at(-1) ?? "";
    say(code === 0 ? dim(last) : output.split("\n").slice(-40).join("\n"));
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) {
    throw new Stop(red(`Something was found in ${failed.join(", ")}: see crates/ingest/fuzz/artifacts.`));
  }
  say(green("\nNothing was found."));
});

function wishes(words) {
  const all = [...readFileSync(join(folder, "Cargo.toml"), "utf8").matchAll(/^path = "fuzz_targets\/(\w+)\.rs"/gm)].map(([, name]) => name);
  const found = { names: [], seconds: 60, isSeeding: false };
  while (words.length > 0) {
    const word = words.shift();
    if (word === "--seconds") found.seconds = Number(words.shift());
    else if (word === "--seeds") found.isSeeding = true;
    else if (all.includes(word)) found.names.push(word);
    else throw new Stop(`There is no target ${word}; there are ${all.join(", ")}.`, 2);
  }
  if (!(found.seconds > 0)) throw new Stop("How many seconds? npm run fuzz -- vcard --seconds 60", 2);
  return { ...found, names: found.names.length > 0 ? found.names : all };
}

/** Without a sanitizer: none of our code is `unsafe`, and so the compiler of every day will do. */
function command(program, work, [verb, ...args]) {
  const own = ["--fuzz-dir", folder, "--sanitizer", "none", "--target-dir", join(work, "build")];
  // Files of a moment belong into memory.
  const memory = existsSync("/dev/shm") ? { TMPDIR: "/dev/shm" } : {};
  return [program, [verb, ...own, ...args], { env: { RUSTC_BOOTSTRAP: "1", ...memory } }];
}

function withKept([program, args, options]) {
  return [program, args, { ...options, keep: "hide" }];
}

/** What was found to lead somewhere new; it stays for the next time. */
function grown(work, name) {
  const kept = join(work, "corpus", name);
  mkdirSync(kept, { recursive: true });
  return kept;
}

/** An input of 64 KiB that takes ten seconds or half a gigabyte is one that hangs, or fills the memory. */
function limits(seconds) {
  return [`-max_total_time=${seconds}`, "-timeout=10", "-rss_limit_mb=1024", "-max_len=65536", "-print_final_stats=0"];
}

/** As few and small inputs as lead everywhere that the tests' inputs, and those found since, lead. */
async function remake(names, work, fuzz) {
  const kept = join(work, "seeds");
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  step("Collecting the inputs of the tests");
  await must("The tests", "cargo", ["test", "--quiet", "-p", "threadkeep-ingest", "--lib", "--test", "inputs"], {
    env: { THREADKEEP_SEEDS: kept },
  });
  for (const name of names) {
    const small = join(work, "small", name);
    rmSync(small, { recursive: true, force: true });
    mkdirSync(small, { recursive: true });
    const from = [join(kept, name), grown(work, name), join(seeds, name)].filter(existsSync);
    step(`The smallest inputs of ${name}`);
    await must("Choosing", ...withKept(fuzz("run", name, small, ...from, "--", "-merge=1", `-max_len=${maxSeedBytes}`, "-timeout=10", "-rss_limit_mb=1024")));
    say(dim(`${choose(small, join(seeds, name))} seeds`));
  }
}

/** Takes the smallest ones, as many as there is room for; what was once found to fail stays. */
function choose(from, to) {
  mkdirSync(to, { recursive: true });
  const sized = readdirSync(from).map((name) => ({ name, bytes: readFileSync(join(from, name)).length }));
  sized.sort((one, other) => one.bytes - other.bytes || (one.name < other.name ? -1 : 1));
  for (const name of readdirSync(to)) {
    if (/^[0-9a-f]{40}$/.test(name)) rmSync(join(to, name));
  }
  let room = maxTargetBytes;
  const taken = sized.filter(({ bytes }, place) => {
    room -= bytes;
    return place === 0 || room >= 0;
  });
  for (const { name } of taken) copyFileSync(join(from, name), join(to, name));
  return taken.length;
}

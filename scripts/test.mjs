// `npm test`: sets the machine up, then runs everything that can fail. A step that fails does not keep
// the others from running, unless they need what it makes.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildDesktop, buildUi, targetFolder, wholeWorkspace } from "./build.mjs";
import { check } from "./check.mjs";
import { programOf } from "./check/ui.mjs";
import * as count from "./count.mjs";
import { testPages } from "./pages.mjs";
import { ask, inCi, main, root, run, Stop } from "./run.mjs";
import { setUp } from "./setup.mjs";
import { bold, duration, green, red, say, step, yellow } from "./terminal.mjs";

const artifacts = join(root, "artifacts");
const locked = inCi ? ["--locked"] : [];

// In this order each part finds what it needs already compiled: the window (with all that lies below
// it), then clippy and the bindings, then the tests of the crates.
const plan = [
  { name: "pages", about: "Building the pages", run: done(buildUi) },
  { name: "window", about: "Building the window", needs: ["pages"], run: done(buildDesktop) },
  { name: "check", about: "The rules (npm run check)", run: rules },
  { name: "scripts", about: "Tests of the scripts and rules", hasTests: true, run: scriptTests },
  { name: "rust", about: "Tests of the crates", hasTests: true, run: rustTests },
  { name: "ui", about: "Tests of the pages", hasTests: true, run: uiTests },
  { name: "browser", about: "Tests of the pages in a browser", hasTests: true, run: browserTests },
  {
    name: "end to end",
    about: "Tests in the real window",
    needs: ["pages", "window"],
    hasTests: true,
    run: endToEnd,
  },
];

await main(async () => {
  const begun = Date.now();
  await setUp("tests");
  mkdirSync(artifacts, { recursive: true });
  const steps = [];
  for (const item of plan) steps.push(await attempt(item, steps));
  say(`\n${bold("Summary")}`);
  for (const item of steps) say(line(item));
  say(`\n${duration(Date.now() - begun)} in all`);
  const text = count.summary(steps);
  if (steps.some((item) => !item.ok)) throw new Stop(text);
  say(green(text));
});

async function attempt(item, steps) {
  const missing = (item.needs ?? []).filter((name) => steps.some((other) => other.name === name && !other.ok));
  if (missing.length > 0) return { ...item, ok: false, why: `needs ${missing.join(" and ")}`, took: 0 };
  step(item.about);
  const begun = Date.now();
  try {
    const result = await item.run();
    return { ...item, ...result, took: Date.now() - begun };
  } catch (error) {
    if (!(error instanceof Stop) || error.exitCode === 130) throw error;
    say(red(error.message));
    return { ...item, ok: false, took: Date.now() - begun };
  }
}

function line({ name, ok, count: counted, took, why, skipped }) {
  const mark = skipped ? yellow("–") : ok ? green("✓") : red("✗");
  const numbers = counted ? `${counted.passed} passed, ${counted.failed} failed, ` : "";
  return `${mark} ${name} (${why ?? `${numbers}${duration(took)}`})`;
}

function done(action) {
  return async () => {
    await action();
    return { ok: true };
  };
}

async function rules() {
  const failed = await check();
  return { ok: failed.length === 0 };
}

async function scriptTests() {
  const tap = join(artifacts, "scripts.tap");
  const files = ["scripts/check", "scripts/setup", "scripts"].map((folder) => `${folder}/*.test.mjs`);
  return nodeTests(tap, files.flatMap(matching));
}

/** Node before 21 knows no patterns, and a shell's are not everywhere the same. */
function matching(pattern) {
  const [folder, ending] = pattern.split("/*");
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
}

async function nodeTests(tap, files) {
  rmSync(tap, { force: true });
  const reports = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const file = ["--test-reporter=tap", `--test-reporter-destination=${tap}`];
  const { code } = await run(process.execPath, ["--test", ...reports, ...file, ...files]);
  return { ok: code === 0, count: read(tap, count.fromTap) };
}

async function rustTests() {
  // The window has no tests of its own here; naming it keeps the choice of features, see build.mjs.
  const scope = [...wholeWorkspace, ...locked];
  if (ask("cargo", ["nextest", "--version"]) === null) {
    say("cargo-nextest is not installed; cargo test does the same, more slowly.");
    const { code, output } = await run("cargo", ["test", "--no-fail-fast", ...scope], { keep: "show" });
    return { ok: code === 0, count: count.fromCargoTest(output) };
  }
  // nextest keeps its store in the workspace, wherever the target folder is.
  const report = join(root, "target", "nextest", "default", "tests.xml");
  rmSync(report, { force: true });
  // Tests that hold our reading against packages from elsewhere leave a note here where those cannot be had.
  const notes = join(targetFolder(), "tmp", "not-tested");
  rmSync(notes, { recursive: true, force: true });
  const { code } = await run("cargo", ["nextest", "run", ...scope]);
  for (const name of existsSync(notes) ? readdirSync(notes) : []) {
    say(yellow(`Not tested: ${readFileSync(join(notes, name), "utf8")}`));
  }
  return { ok: code === 0, count: read(report, count.fromJunit) };
}

async function uiTests() {
  const report = join(artifacts, "ui-tests.json");
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await run(process.execPath, [programOf("vitest", "vitest"), "run", "--root", "ui", ...reporters]);
  return { ok: code === 0, count: read(report, count.fromVitest) };
}

async function browserTests() {
  const report = join(artifacts, "pages.json");
  rmSync(report, { force: true });
  const ended = await testPages({ report });
  if (ended === null) {
    say(yellow("There is no Chromium here; the pages were not driven in a browser."));
    return { ok: true, skipped: true, hasTests: false };
  }
  return { ok: ended.code === 0, count: read(report, count.fromPlaywright) };
}

async function endToEnd() {
  if (process.platform !== "linux") {
    say(yellow("The window is driven on Linux only; everything else has run."));
    return { ok: true, skipped: true, hasTests: false };
  }
  const tap = join(artifacts, "e2e.tap");
  rmSync(tap, { force: true });
  const { code } = await run(process.execPath, ["scripts/e2e.mjs"], { env: { E2E_TAP: tap } });
  return { ok: code === 0, count: read(tap, count.fromTap) };
}

function read(path, parse) {
  return existsSync(path) ? parse(readFileSync(path, "utf8")) : null;
}

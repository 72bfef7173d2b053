// The real window: how long a chat takes to open and to jump to its ends, and how it scrolls, in a chat of ten thousand
// messages and in one of a million.
//
// A release build in WebKit, on a screen of its own (Xvfb), drawn by the processor alone. What is timed ends when the
// messages are drawn, not when they have come. A frame over 50 ms is seen as a jerk.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildUi, releaseProgram } from "../scripts/build.mjs";
import { must, run, Stop } from "../scripts/run.mjs";
import { forTests, installPackages } from "../scripts/setup/debian.mjs";
import { tool } from "../scripts/setup/tools.mjs";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, ours, workplace } from "./common.mjs";
import { section } from "./report.mjs";
import { count, quantile, spread } from "./table.mjs";

const SCREEN = "-screen 0 1320x860x24";
const JERK = 50;

export async function inWindow({ sizes = "10000,1000000", scroll = "10000", times = "15", seed = "1" }) {
  if (process.platform !== "linux") throw new Stop("The window is driven on Linux only.");
  await build();
  await installPackages(forTests);
  const driver = await tool("tauri-driver");
  await buildUi();
  step("Building the window (release)");
  const features = ["--features", "threadkeep-desktop/custom-protocol"];
  await must("Building", "cargo", ["build", "--release", "-p", "threadkeep-desktop", ...features]);
  const work = workplace();
  const env = { E2E_TAURI_DRIVER: driver, E2E_APP: releaseProgram("threadkeep-desktop"), E2E_ARTIFACTS: work };
  const all = [];
  for (const messages of sizes.split(",").map(Number)) {
    step(`A chat of ${count(messages)} messages in the window`);
    const home = join(work, String(messages));
    mkdirSync(join(home, "db"), { recursive: true, mode: 0o700 });
    const mirror = join(home, "db", "mirror.db");
    await ours("read", "--mirror", mirror, "--messages", messages, "--seed", seed, "--jumps", 1);
    const far = Math.min(Number(scroll), messages);
    const scene = [process.execPath, join(import.meta.dirname, "scene.mjs"), home, String(far), times];
    const found = await played(["-a", "-s", SCREEN, "dbus-run-session", "--", ...scene], env);
    if (found.seen < far) throw new Stop(`Only ${count(found.seen)} of ${count(far)} messages were drawn: void.`);
    say(`open ${spread(found.open)} ms, frames ${spread(found.frames)} ms`);
    all.push({ messages, ...found });
  }
  clearWorkplace();
  return report(all, { scroll: Number(scroll), times, seed });
}

/** Runs the scene on a screen of its own; its last line is what it found. */
async function played(args, env) {
  const { code, output } = await run("xvfb-run", args, { keep: "hide", env });
  if (code !== 0) throw new Stop(`The window could not be driven:\n${output}`);
  return JSON.parse(output.trim().split("\n").at(-1));
}

function report(all, setting) {
  const lines = all.map(({ messages, open, first, last, frames, seen }) => ({
    messages: count(messages),
    "open p50 / p99 ms": spread(open),
    "to the first one": spread(first),
    "to the last one": spread(last),
    "scrolled by": count(seen),
    frames: count(frames.length),
    "a frame p50 / p99 ms": spread(frames),
    "worst ms": quantile(frames, 1).toFixed(0),
    "over 50 ms": count(frames.filter((frame) => frame > JERK).length),
  }));
  const notes = ["A release build in WebKit on Xvfb, without a graphics card; until the messages are drawn."];
  return section("window", "Window: a long chat, opened, jumped in and scrolled", lines, notes, { setting, all });
}

// The terminal beside the window, on the same data folder.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const patience = 60_000;

/** Runs a command of `threadkeep`; waits while a window that was closed still holds the data folder. */
export async function terminal(home, ...args) {
  const deadline = Date.now() + patience;
  for (;;) {
    const { status, stdout, stderr, error } = spawnSync(
      join(process.env.E2E_BIN, "threadkeep"),
      [...args, "--home", home, "--json"],
      { encoding: "utf8" },
    );
    if (error) throw error;
    if (status === 0) return JSON.parse(stdout);
    const isHeld = stdout !== "" && JSON.parse(stdout).error?.code === "held";
    if (!isHeld || Date.now() > deadline) throw new Error(`threadkeep ${args[0]}: ${status}\n${stdout}\n${stderr}`);
    await sleep(250);
  }
}

// Gil closes Threadkeep and opens it again faster than it can go away.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "./support/folder.mjs";

const patience = 60_000;

/** Started by hand: the driver would wait for the first window before it opens the second. */
function start(t, home) {
  const process = spawn(globalThis.process.env.E2E_APP, ["--home", home], { stdio: "inherit" });
  t.after(() => process.kill("SIGKILL"));
  return process;
}

async function holds(home, process) {
  const note = join(home, "lock");
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (existsSync(note) && readFileSync(note, "utf8").endsWith(`process ${process.pid}`)) return true;
    if (process.exitCode !== null) return false;
    await sleep(50);
  }
  return false;
}

test("a window that is going away does not keep the next one from opening", { timeout: 180_000 }, async (t) => {
  const home = join(temporaryFolder(t), "home");
  const first = start(t, home);
  assert.ok(await holds(home, first), "the first window has the data folder");
  // Stopped, it keeps its name on the bus and answers nobody, as one does that is on its way out.
  first.kill("SIGSTOP");
  const second = start(t, home);
  await Promise.race([sleep(3_000), once(second, "exit")]);
  assert.equal(second.exitCode, null, "the second waits for an answer of the first");
  first.kill("SIGKILL");
  assert.ok(await holds(home, second), "and takes its place when there is none");
  second.kill("SIGKILL");
  await once(second, "exit");
});

// Runs inside the screen and the session bus that scripts/e2e.mjs made: the driver, then the tests,
// then the driver's end. The tests find in their environment:
//   E2E_DRIVER     the WebDriver address (use one keep-alive connection; the driver drops others)
//   E2E_APP        the window's program, for the capability `tauri:options`
//   E2E_BIN        the folder with `threadkeep` and `threadkeep-server`
//   E2E_ARTIFACTS  where pictures go

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const patience = 20_000;
/** Longer than all tests together may take. A window that hangs must not keep the machine. */
const limit = 25 * 60_000;
const files = process.argv.slice(2);
const [port, nativePort] = [await freePort(), await freePort()];
const address = `http://127.0.0.1:${port}`;

// What the window remembers of itself (its size, the engine's caches) is the test's, not the person's;
// and tokens stay out of the person's keychain.
const folder = mkdtempSync(join(tmpdir(), "threadkeep-window-"));
for (const name of ["DATA", "CONFIG", "CACHE", "STATE"]) process.env[`XDG_${name}_HOME`] = join(folder, name);
process.env.THREADKEEP_KEYCHAIN = "off";

const driver = spawn(
  process.env.E2E_TAURI_DRIVER,
  ["--port", String(port), "--native-port", String(nativePort)],
  // A group of its own: WebKitWebDriver and the windows it opened end with it.
  { stdio: "inherit", detached: true },
);
setTimeout(() => {
  console.error(`The tests in the window did not end within ${limit / 60_000} minutes.`);
  endDriver();
  process.exit(1);
}, limit).unref();
try {
  await ready();
  process.exitCode = await tests();
} finally {
  endDriver();
  rmSync(folder, { recursive: true, force: true });
}

function endDriver() {
  try {
    process.kill(-driver.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function tests() {
  const reports = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const tap = process.env.E2E_TAP;
  if (tap) reports.push("--test-reporter=tap", `--test-reporter-destination=${tap}`);
  // One file after the other: there is one driver, and it has one session at a time. A test that ran out
  // of time may leave a request to the driver open, which would keep its process for ever: forced.
  const child = spawn(process.execPath, ["--test", "--test-force-exit", "--test-concurrency=1", ...reports, ...files], {
    stdio: "inherit",
    env: { ...process.env, E2E_DRIVER: address },
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

async function ready() {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (driver.exitCode !== null) break;
    // The driver hands everything on to WebKitWebDriver, and prints pages when that is not up yet.
    if ((await listens(nativePort)) && (await listens(port))) return;
    await sleep(50);
  }
  throw new Error("tauri-driver does not answer; is WebKitWebDriver (webkit2gtk-driver) installed?");
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.on("connect", () => answer(true));
    socket.on("error", () => answer(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// tauri-driver and the WebKitWebDriver behind it, on ports of their own.

import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const patience = 60_000;

/** Starts the driver; it is ready when this returns. */
export async function startDriver() {
  const [port, nativePort] = [await freePort(), await freePort()];
  const child = spawn(
    process.env.E2E_TAURI_DRIVER,
    ["--port", String(port), "--native-port", String(nativePort)],
    // A group of its own: WebKitWebDriver and the windows it opened end with it.
    { stdio: "inherit", detached: true },
  );
  const driver = { address: `http://127.0.0.1:${port}`, end: () => endGroup(child.pid) };
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && child.exitCode === null) {
    // The driver hands everything on to WebKitWebDriver, and prints pages when that is not up yet.
    if ((await listens(nativePort)) && (await listens(port))) return driver;
    await sleep(50);
  }
  driver.end();
  throw new Error("tauri-driver does not answer; is WebKitWebDriver (webkit2gtk-driver) installed?");
}

function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
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

// `npm run e2e`: the tests in tests/e2e drive the real window on a screen of their own.
// `npm run e2e -- first_run` runs only the files whose names hold that word.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { binFolder, buildPrograms, buildUi, program } from "./build.mjs";
import { main, root, run, Stop } from "./run.mjs";
import { tool } from "./setup/tools.mjs";
import { forTests, installPackages } from "./setup/debian.mjs";
import { say, step } from "./terminal.mjs";

const folder = "tests/e2e";
const screen = "-screen 0 1320x860x24";

await main(async () => {
  if (process.platform !== "linux") throw new Stop("The window is driven on Linux only.");
  await installPackages(forTests);
  const files = readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".test.mjs"))
    .filter((name) => process.argv.slice(2).every((word) => name.includes(word)))
    .map((name) => `${folder}/${name}`);
  if (files.length === 0) throw new Stop(`No test in ${folder} has such a name.`);

  const driver = await tool("tauri-driver");
  step("Building what is tested");
  await buildUi();
  await buildPrograms("threadkeep-desktop", "threadkeep", "threadkeep-server");

  const artifacts = join(root, "artifacts");
  mkdirSync(artifacts, { recursive: true });
  step(`Driving the window (pictures go to ${artifacts})`);
  // A session bus of their own, for the window talks to the desktop; a screen of their own, so that
  // it looks the same on every machine. Neither WEBKIT_DISABLE_COMPOSITING_MODE nor
  // WEBKIT_DISABLE_DMABUF_RENDERER may be set: with either, taking a picture hangs.
  const session = ["-a", "-s", screen, "dbus-run-session", "--", process.execPath, "scripts/e2e/session.mjs"];
  const { code } = await run("xvfb-run", [...session, ...files], {
    env: {
      E2E_TAURI_DRIVER: driver,
      E2E_APP: program("threadkeep-desktop"),
      E2E_BIN: binFolder(),
      E2E_ARTIFACTS: artifacts,
    },
  });
  if (code !== 0) throw new Stop("The tests in the real window failed; the reason stands above.");
  say("The window does what it should.");
});

// What a fresh machine needs before anything can be built.

import { findBrowser } from "./setup/browser.mjs";
import { checkNode, installNodePackages } from "./setup/node.mjs";
import { forTerminal, forTests, forWindow, installPackages } from "./setup/debian.mjs";
import { checkPlatform } from "./setup/platform.mjs";
import { findRust } from "./setup/rust.mjs";
import { step } from "./terminal.mjs";

const packages = { terminal: forTerminal, window: forWindow, tests: forTests };

/** `aim` is "terminal", "window" or "tests"; a terminal needs no web view and no npm packages. */
export async function setUp(aim) {
  checkNode();
  step(process.platform === "linux" ? "Debian packages" : "What this system has to bring");
  if (process.platform === "linux") await installPackages(packages[aim]);
  else checkPlatform();
  if (aim === "tests") await findBrowser();
  step("Rust");
  await findRust();
  if (aim !== "terminal") {
    step("npm packages");
    await installNodePackages();
  }
}

// `npm run pages`: the tests in tests/pages drive the pages in a browser, with the core played by ui/src/dev.
// What follows `--` goes to Playwright: `npm run pages -- chats -g narrow`.

import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programOf } from "./check/ui.mjs";
import { main, must, root, run, Stop } from "./run.mjs";
import { findBrowser } from "./setup/browser.mjs";
import { say, step, yellow } from "./terminal.mjs";

const config = "tests/pages/playwright.config.mjs";

/** Runs them; null where this system has no browser for it. `report` is where the numbers go. */
export async function testPages({ report, wishes = [] } = {}) {
  const path = await findBrowser();
  if (path === null) return null;
  const vite = [programOf("vite", "vite"), "build", "ui", "--mode", "mock"];
  const folder = join(root, "node_modules", ".threadkeep-pages");
  await must("Building the pages with a played core", process.execPath, [...vite, "--outDir", folder, "--logLevel", "warn"]);
  const playwright = [programOf("playwright", "@playwright/test"), "test", "--config", config, ...wishes];
  return run(process.execPath, playwright, {
    env: {
      PAGES_BROWSER: path,
      PAGES_PORT: String(await freePort()),
      PAGES_ARTIFACTS: join(root, "artifacts", "pages"),
      ...(report && { PAGES_REPORT: report }),
    },
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    step("The pages in a browser");
    const ended = await testPages({ wishes: process.argv.slice(2) });
    if (ended === null) say(yellow("There is no Chromium here; install it, or name one in PAGES_BROWSER."));
    else if (ended.code !== 0) throw new Stop("The tests in the browser failed; the reason stands above.");
  });
}

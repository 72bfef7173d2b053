// The pages in a browser, with the core played by ui/src/dev: what a component test cannot see (layout, focus,
// the order of the keys, colours), much faster than the real window. What WebKit does otherwise, and what the
// core does, is for tests/e2e. `npm run pages` starts this.
import { defineConfig } from "@playwright/test";

const port = Number(process.env.PAGES_PORT ?? 4173);
const patience = 30_000;

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.test.mjs",
  outputDir: process.env.PAGES_ARTIFACTS ?? "../../artifacts/pages",
  fullyParallel: true,
  workers: 2,
  retries: 1,
  forbidOnly: true,
  timeout: 120_000,
  // Limits for what never comes, not measures: a loaded machine takes its time.
  expect: { timeout: Number(process.env.PAGES_PATIENCE ?? patience) },
  reporter: [
    ["list"],
    ...(process.env.PAGES_REPORT ? [["json", { outputFile: process.env.PAGES_REPORT }]] : []),
  ],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    browserName: "chromium",
    // Debian's own browser: nothing is downloaded. As root it has no sandbox.
    launchOptions: { executablePath: process.env.PAGES_BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    viewport: { width: 1320, height: 860 },
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
    actionTimeout: patience,
    navigationTimeout: patience,
    screenshot: "only-on-failure",
  },
  webServer: {
    command: `"${process.execPath}" ../node_modules/vite/bin/vite.js preview --outDir ../node_modules/.threadkeep-pages --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: new URL("../../ui", import.meta.url).pathname,
    url: `http://127.0.0.1:${port}`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});

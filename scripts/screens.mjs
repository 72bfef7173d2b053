// `npm run screens` draws every page of the window into docs/screens: with nothing, little, much and hostile text
// in it, light and dark, wide and narrow, and from right to left. For eyes: nothing here passes or fails.
// `npm run screens -- chat settings` draws only those.

import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { preview } from "vite";
import { open, SCREENS } from "../tests/pages/support/open.mjs";
import { programOf } from "./check/ui.mjs";
import { main, must, root, Stop } from "./run.mjs";
import { findBrowser } from "./setup/browser.mjs";
import { dim, say, step } from "./terminal.mjs";

const folder = join(root, "docs", "screens");
const widths = { wide: { width: 1320, height: 860 }, narrow: { width: 360, height: 740 } };
/** What is only seen after something was done. */
const scenes = {
  ...SCREENS,
  "search, hits": { path: "/search", act: (page) => page.getByTestId("search-field").fill("saturday") },
  "search, nothing found": { path: "/search", act: (page) => page.getByTestId("search-field").fill("zebra from:nobody") },
  "import, look": { path: "/import", act: (page) => page.getByTestId("import-files").click() },
  "import, doing": {
    path: "/import",
    query: { pace: "0.2" },
    act: async (page) => {
      await page.getByTestId("import-files").click();
      const who = page.getByTestId("choice-Kim");
      await page.getByTestId("import-content").waitFor();
      if ((await who.count()) > 0) await who.click();
      await page.getByTestId("import-start").click();
    },
  },
  "import, which chat": {
    path: "/import",
    query: { import: "stranger" },
    state: "full",
    act: async (page) => {
      await page.getByTestId("import-files").click();
      await page.getByTestId("choice-here").click();
      await page.getByTestId("import-chat-option").last().scrollIntoViewIfNeeded();
    },
  },
  message: {
    path: "/chats/1",
    state: "full",
    act: async (page) => {
      await page.getByTestId("message").last().click({ button: "right" });
      await page.getByTestId("to-details").click();
      await page.getByTestId("known-source").first().waitFor();
    },
  },
  contacts: { path: "/contacts" },
  person: { path: "/contacts/2" },
  details: { path: "/chats/1", act: (page) => page.getByTestId("details-open").click() },
  calendar: { path: "/chats/1", act: (page) => page.getByTestId("day").first().click() },
  shortcuts: { act: (page) => page.keyboard.press("Control+/") },
  switcher: { act: (page) => page.keyboard.press("Control+k") },
  components: { query: { page: "components" }, state: "full", height: 4_400 },
};
/** What the core plays; a screen with a state of its own is drawn in that alone. */
const contents = { empty: "empty", small: "full", huge: "many", hostile: "hostile" };
/** Dates and times stay the same from day to day. */
const now = new Date("2026-11-20T10:42:00Z");
const quality = 70;

/** Every picture: its name, and what is in it. */
function pictures(wishes) {
  const wanted = Object.entries(scenes).filter(([name]) => wishes.length === 0 || wishes.includes(plain(name)));
  return wanted.flatMap(([name, where]) => {
    const states = where.state === undefined ? Object.entries(contents) : [["", where.state]];
    const plainly = states.flatMap(([content, state]) =>
      ["light", "dark"].flatMap((theme) =>
        Object.keys(widths).map((width) => ({ name, content, theme, width, where: { ...where, state } })),
      ),
    );
    const [content, state] = states.find(([each]) => each === "small") ?? states[0];
    const mirrored = Object.keys(widths).map((width) => ({
      ...{ name, content, theme: "light", width, language: "ar", where: { ...where, state } },
    }));
    return [...plainly, ...mirrored];
  });
}

function fileOf({ name, content, theme, width, language }) {
  return `${[plain(name), content, theme, width, language].filter(Boolean).join("-")}.webp`;
}

function plain(name) {
  return name.replace(/\W+/g, "-");
}

async function draw(browser, url, picture) {
  const { theme, width, language = "en", where } = picture;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { ...widths[width], ...(where.height && { height: where.height }) },
    locale: language === "ar" ? "ar-EG" : "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.clock.setFixedTime(now);
    const { act, query, height: _, ...address } = where;
    await open(page, { ...address, ...query, theme });
    // What is not there to be clicked, as in a chat without messages, is not there in the picture either.
    await act?.(page).catch(() => {});
    await page.evaluate(() => document.fonts.ready);
    // Lists measure themselves once more after they were drawn, and a first picture has all letters painted.
    await page.waitForTimeout(500);
    await page.screenshot();
    const cdp = await context.newCDPSession(page);
    const { data } = await cdp.send("Page.captureScreenshot", { format: "webp", quality, optimizeForSpeed: false });
    writeFileSync(join(folder, fileOf(picture)), Buffer.from(data, "base64"));
  } finally {
    await context.close();
  }
}

/** One page to look at all of them: a table of contents by widths for each screen. */
function index() {
  const files = readdirSync(folder).filter((file) => file.endsWith(".webp"));
  const parts = Object.keys(scenes).map((name) => {
    const own = files.filter((file) => new RegExp(`^${plain(name)}-(empty|small|huge|hostile|light|dark)`).test(file));
    const links = own.map((file) => `[${file.slice(plain(name).length + 1, -5).replaceAll("-", " ")}](${file})`);
    return own.length === 0 ? "" : `## ${name}\n${links.join(" · ")}\n`;
  });
  return `# Every screen\n\nMade by \`npm run screens\` over an invented archive, to be looked at: with nothing, little, much and hostile\ntext, light and dark, 1320 and 360 wide, and in Arabic from right to left.\n\n${parts.filter(Boolean).join("\n")}`;
}

await main(async () => {
  const wishes = process.argv.slice(2);
  const program = await findBrowser();
  if (program === null) throw new Stop("There is no Chromium here; install it, or name one in PAGES_BROWSER.");
  step("The screens");
  const built = join(root, "node_modules", ".threadkeep-screens");
  const build = [programOf("vite", "vite"), "build", "ui", "--mode", "mock", "--outDir", built, "--logLevel", "warn"];
  await must("Building the pages with a played core", process.execPath, build);
  const server = await preview({
    root: join(root, "ui"),
    logLevel: "silent",
    build: { outDir: built },
    preview: { host: "127.0.0.1", port: 4300, strictPort: false },
  });
  const url = server.resolvedUrls.local[0];
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  const all = pictures(wishes);
  if (wishes.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const failed = [];
  const work = async () => {
    for (let picture = all.shift(); picture !== undefined; picture = all.shift()) {
      await draw(browser, url, picture).catch((error) => failed.push(`${fileOf(picture)}: ${error.message}`));
    }
  };
  await Promise.all([work(), work(), work()]);
  await browser.close();
  await server.close();
  writeFileSync(join(folder, "README.md"), index());
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  say(dim(`${readdirSync(folder).length - 1} pictures in docs/screens, ${(bytes / 1e6).toFixed(1)} MB.`));
  if (failed.length > 0) throw new Stop(`Not drawn:\n${failed.join("\n")}`);
});

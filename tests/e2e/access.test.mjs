// Kim uses no pointer: from the doors to a chat, a day, a picture, the search, a person, an export and back, by the
// keys alone. On the way axe looks at every screen, in both themes.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { apart, look, path } from "../axe.mjs";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

const axe = readFileSync(path, "utf8");

const asked = `
  const done = arguments[arguments.length - 1];
  (${look})(arguments[0]).then(done, (fault) => done(["axe failed: " + fault]));
`;

/** All that hangs on the colours; the other rules read what is the same in both themes. */
const COLOURS = ["color-contrast", "link-in-text-block"];

async function isAccessible(window, what) {
  if (!(await window.run("return 'axe' in window"))) await window.run(axe);
  for (const theme of ["light", "dark"]) {
    await window.theme(theme);
    const rules = theme === "light" ? undefined : COLOURS;
    const found = await window.driver.executeAsyncScript(asked, { apart, rules });
    assert.equal(found.join("\n"), "", `axe finds nothing on ${what}, ${theme}`);
  }
  await window.theme("light");
}

const focused = `return document.activeElement?.dataset.testid ?? ""`;
const title = `return document.querySelector("main h1, [data-testid=person] h1")?.textContent ?? ""`;
const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

/** Of the rail, as they stand. */
const PLACES = ["rail-chats", "rail-search", "rail-contacts", "rail-sync", "rail-settings"];

/** Further apart no two stops of the Tab key are. */
const STOPS = 80;

/** What a person does with the keys. */
class Keys {
  constructor(window) {
    this.window = window;
  }

  /** Several at once: all but the last are held. */
  async press(...keys) {
    const actions = this.window.driver.actions();
    for (const key of keys.slice(0, -1)) actions.keyDown(key);
    actions.sendKeys(keys.at(-1));
    for (const key of keys.slice(0, -1).reverse()) actions.keyUp(key);
    await actions.perform();
  }

  type(text) {
    return this.window.driver.actions().sendKeys(text).perform();
  }

  async has(id) {
    await this.window.until(`${id} has the focus`, () => this.window.run(focused), (now) => now === id);
  }

  /** Goes on by the same keys until something has the focus. */
  async reach(ids, ...keys) {
    const passed = [];
    while (passed.length < STOPS) {
      await this.press(...keys);
      const now = await this.window.run(focused);
      if ([ids].flat().includes(now)) return now;
      passed.push(now);
    }
    assert.fail(`${ids} is reached by ${JSON.stringify(keys)}; on the way were ${passed}`);
  }

  /** Opens a page by the rail. */
  async open(place) {
    const here = await this.reach(PLACES, Key.F6);
    const steps = PLACES.indexOf(place) - PLACES.indexOf(here);
    for (let step = 0; step < Math.abs(steps); step += 1) {
      await this.press(...(steps < 0 ? [Key.SHIFT, Key.TAB] : [Key.TAB]));
    }
    await this.has(place);
    await this.press(Key.ENTER);
  }
}

/** Whether the day that has the focus can be gone to, and what it is called; nothing while that is looked up. */
const day = `
  const grid = document.activeElement?.closest("[role=grid]");
  if (grid?.getAttribute("aria-busy") !== "false") return null;
  const { ariaLabel, ariaDisabled } = document.activeElement;
  return { name: ariaLabel, isOpen: ariaDisabled !== "true" };
`;

/** What can be seen of the days in the reader. */
const daysInView = `
  const pane = document.querySelector('[data-testid="reader"]').getBoundingClientRect();
  const days = [...document.querySelectorAll('[data-testid="reader"] [data-testid="day"]')];
  return days.filter((day) => {
    const { top, bottom } = day.getBoundingClientRect();
    return bottom > pane.top && top < pane.bottom;
  }).map((day) => day.title);
`;

/** Brings the keys to a picture that is drawn, if there is one. */
const focusPicture = `
  const drawn = [...document.querySelectorAll('[data-testid="picture-open"] [data-testid="picture-full"]')].find((image) => image.naturalWidth > 0);
  drawn?.closest("button").focus({ preventScroll: true });
  return drawn !== undefined && document.activeElement.contains(drawn);
`;

test("every screen can be used without a pointer, and axe finds nothing on any", { timeout: 600_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, "out");
  mkdirSync(out);
  const window = await openWindow(join(folder, "home"), "--export-to", out);
  t.after(() => window.close().catch(() => {}));
  await window.driver.manage().setTimeouts({ script: 120_000 });
  const keys = new Keys(window);
  const reads = (words) => window.until(`the title is ${words}`, () => window.run(title), (now) => words.test(now));

  // The doors, and what is behind one of them.
  await window.find("welcome");
  await isAccessible(window, "the doors");
  await keys.reach("door-sample", Key.TAB);
  await keys.press(Key.ENTER);
  await window.find("sample-bar");
  await keys.open("rail-sync");
  await reads(/Sync/);
  await window.until("the messages come", async () => number(await window.text("stats-messages")), (count) => count > 15_000);
  await window.gone("sync-cancel");
  await isAccessible(window, "the sync");

  // A chat, its neighbour, its menu.
  await keys.open("rail-chats");
  await window.until("the chats are listed", async () => (await window.all("chat-row")).length, (count) => count > 5);
  await isAccessible(window, "the chats");
  await keys.reach("chat-list", Key.F6);
  await keys.press(Key.HOME);
  await keys.press(Key.ENTER);
  await window.until("messages are shown", async () => (await window.all("message")).length, (count) => count > 3);
  const first = await window.run(title);
  await isAccessible(window, "a chat");
  await keys.press(Key.ALT, Key.ARROW_DOWN);
  await window.until("the next chat is open", () => window.run(title), (now) => now !== "" && now !== first);
  await keys.press(Key.CONTROL, "1");
  await window.until("the first chat is open again", () => window.run(title), (now) => now === first);
  await keys.reach("chat-list", Key.F6);
  await keys.press(Key.SHIFT, Key.F10);
  await window.find("chat-menu");
  await isAccessible(window, "a chat's menu");
  await keys.press(Key.ESCAPE);
  await window.gone("chat-menu");
  await keys.has("chat-list");

  // From message to message, and what can be done with one.
  await keys.reach("reader", Key.F6);
  await keys.press(Key.ARROW_UP);
  await keys.has("message");
  await keys.press(Key.SHIFT, Key.F10);
  await window.find("message-menu");
  await isAccessible(window, "a message's menu");
  await keys.press(Key.ESCAPE);
  await window.gone("message-menu");
  await keys.has("message");

  // To a day on which something was said, some month ago.
  await keys.reach("jump-to-date", Key.SHIFT, Key.TAB);
  await keys.press(Key.ENTER);
  await window.find("calendar");
  const stand = () => window.until("the day is looked up", () => window.run(day), (now) => now !== null);
  await stand();
  await isAccessible(window, "the calendar");
  await keys.press(Key.PAGE_UP);
  let chosen = await stand();
  for (let step = 0; step < STOPS && !chosen.isOpen; step += 1) {
    await keys.press(Key.ARROW_LEFT);
    chosen = await stand();
  }
  assert.ok(chosen.isOpen, "there is a day on which something was said");
  await keys.press(Key.ENTER);
  await window.gone("calendar");
  await window.until("that day is in view", () => window.run(daysInView), (days) => days.some((name) => name.startsWith(chosen.name)));
  await keys.has("reader");

  // Beside it who is in it, and what pictures it has; one of them leads to its message, and is looked at.
  await keys.reach("details-open", Key.SHIFT, Key.TAB);
  await keys.press(Key.ENTER);
  await window.find("details");
  await isAccessible(window, "the details of a chat");
  await keys.reach("details-about", Key.TAB);
  await keys.press(Key.ARROW_RIGHT);
  await keys.has("details-media");
  await keys.press(Key.ENTER);
  await window.find("gallery");
  await isAccessible(window, "the gallery");
  await keys.reach("gallery-tile", Key.TAB);
  await keys.press(Key.ENTER);
  await window.until("a picture is drawn in the chat", () => window.run(focusPicture), (isOne) => isOne);
  await keys.press(Key.ENTER);
  await window.find("viewer-picture");
  await isAccessible(window, "a picture by itself");
  await keys.press(Key.ESCAPE);
  await window.gone("viewer");
  await keys.reach("details-close", Key.F6);
  await keys.press(Key.ESCAPE);
  await window.gone("details");
  await keys.has("details-open");

  // A copy of it.
  await keys.reach("export-chat", Key.SHIFT, Key.TAB);
  await keys.press(Key.ENTER);
  await window.find("export-dialog");
  await window.until("it is known what it will be", () => window.text("export-plan"), (text) => /\d/.test(text));
  await isAccessible(window, "the export");
  await keys.reach("export-start", Key.TAB);
  await keys.press(Key.ENTER);
  await window.find("export-done");
  assert.ok(readdirSync(out).length > 0, "it lies where the person said");
  await keys.reach("export-dismiss", Key.SHIFT, Key.TAB);
  await keys.press(Key.ENTER);
  await window.gone("export-bar");

  // What was said anywhere, and back.
  await keys.press(Key.CONTROL, "f");
  await keys.has("search-field");
  await isAccessible(window, "the search with nothing typed");
  await keys.type("train");
  await window.find("hit");
  await isAccessible(window, "the search");
  await keys.press(Key.ARROW_DOWN);
  await keys.press(Key.ENTER);
  await keys.has("reader");
  await keys.press(Key.ESCAPE);
  await keys.has("search-field");
  await keys.press(Key.CONTROL, "k");
  await keys.has("switcher-field");
  await window.find("choice-chat");
  await isAccessible(window, "the switcher");
  await keys.press(Key.ESCAPE);
  await window.gone("switcher");

  // A person, and the chat with them.
  await keys.open("rail-contacts");
  await window.until("people are listed", async () => (await window.all("contact-row")).length, (count) => count > 5);
  await keys.reach("contact-list", Key.F6);
  await keys.press(Key.ARROW_DOWN);
  await keys.press(Key.ENTER);
  await window.find("person-messages");
  await isAccessible(window, "a person");
  await keys.reach("person-messages", Key.TAB);
  await keys.press(Key.ENTER);
  await keys.has("search-field");

  // What can be set, and which keys there are.
  await keys.press(Key.CONTROL, ",");
  await reads(/Settings/);
  await isAccessible(window, "the settings");
  await keys.press(Key.CONTROL, "/");
  await window.find("shortcut-sheet");
  await isAccessible(window, "the sheet of shortcuts");
  await keys.press(Key.ESCAPE);
  await window.gone("shortcut-sheet");
  await keys.open("rail-chats");
  await window.find("chat-list");
});

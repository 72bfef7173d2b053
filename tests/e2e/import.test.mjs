// Ida has a chat as her phone exported it. She looks at what is in it, brings it in, finds a message, brings it in
// again, and takes it back.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { terminal } from "./support/terminal.mjs";
import { openWindow } from "./support/window.mjs";

const people = ["Ida Holm", "Ana Souza", "Ben Larsen"];
const count = 60;

/** A group's chat as Android writes it, in a zone of its own: the days of the second half prove the order. */
const exported = () => {
  const two = (number) => String(number).padStart(2, "0");
  const line = (number) => {
    const day = 1 + Math.floor(number / 3);
    const text = number === 40 ? "the wardrobe is a gateway" : `line ${number} of <b>many</b>`;
    return `${two(day)}/03/24, ${two(8 + (number % 12))}:${two(number % 60)} - ${people[number % 3]}: ${text}`;
  };
  return `${Array.from({ length: count }, (_, number) => line(number)).join("\n")}\n`;
};

/** Opens what was named on the command line, and says who of them Ida is. */
async function look(window) {
  await window.click("import-files");
  await window.find("import-files-card");
  await window.click("choice-Ida Holm");
  const start = await window.find("import-start");
  await window.until("it can begin", () => start.isEnabled(), Boolean);
}

const words = (id) => `return document.querySelector('[data-testid="${id}"]')?.textContent ?? ""`;

const figure = async (window, id) => {
  const [found] = await window.all(id);
  return found === undefined ? 0 : Number(await found.getAttribute("data-value"));
};

test("an exported chat is looked at, imported, found, known when it comes again, and taken back", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "WhatsApp Chat with Lisbon flat.txt");
  writeFileSync(file, exported());
  const window = await openWindow(join(folder, "home"), "--import-from", file);
  t.after(() => window.close().catch(() => {}));

  await window.click("door-import");
  await look(window);
  assert.equal(await figure(window, "import-messages"), count);
  assert.equal(await figure(window, "import-new"), count);
  // Not by what the driver sees: it leaves out what lies below the fold.
  assert.match(await window.run(words("import-chats")), /Lisbon flat/);
  assert.match(await window.text("import-period"), /2024/);
  await window.picture("import-look-light");
  await window.theme("dark");
  await window.picture("import-look-dark");
  await window.theme("light");

  await window.click("import-start");
  await window.until("it is done", () => window.text("import-done"), (text) => text.includes(`${count} messages`));
  await window.picture("import-done-light");
  assert.equal(readFileSync(file, "utf8"), exported(), "the file is as it was");

  await window.click("rail-search");
  await window.type("search-field", "wardrobe");
  await window.until("the message is found", async () => (await window.all("hit")).length, (hits) => hits === 1);
  await window.click("hit");
  await window.until("it stands in its chat", () => window.text("reader"), (text) => text.includes("the wardrobe is a gateway"));
  assert.match(await window.text("reader"), /of <b>many<\/b>/, "what somebody wrote is text");

  // Once more: everything is known.
  await window.click("rail-sync");
  await window.click("open-import");
  await look(window);
  assert.equal(await figure(window, "import-new"), 0);
  assert.equal(await figure(window, "import-known"), count);
  await window.click("import-start");
  await window.until("nothing came of it", () => window.text("import-done"), (text) => text.includes("already"));

  // Each is taken back by itself; only the first has brought anything.
  const undo = async () => {
    const [last] = (await window.all("import-undo")).slice(-1);
    await last.click();
    await window.click("confirm-action");
  };
  const undone = `return [...document.querySelectorAll('[data-testid="import-entry"]')].filter((each) => each.dataset.state === "undone").length`;
  const messages = async () => {
    await window.click("rail-sync");
    return Number((await window.text("stats-messages")).replaceAll(/[^\d]/g, ""));
  };
  await window.until("both are listed", async () => (await window.all("import-undo")).length, (both) => both === 2);
  await undo();
  await window.until("it is taken back", () => window.run(undone), (one) => one === 1);
  await undo();
  await window.until("so is the other", () => window.run(undone), (two) => two === 2);
  await window.picture("import-undone-light");
  await window.until("nothing of it is left", messages, (left) => left === 0);
});

test("a text of another name goes on with the chat that Ida chooses, and what is there is not doubled", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const home = join(folder, "home");
  const first = join(folder, "WhatsApp Chat with Lisbon flat.txt");
  writeFileSync(first, exported());
  await terminal(home, "import", first, "--me", "Ida Holm");
  // The same chat, as another phone called it.
  const second = join(folder, "WhatsApp Chat with Flat 2021.txt");
  writeFileSync(second, exported());
  const window = await openWindow(home, "--import-from", second);
  t.after(() => window.close().catch(() => {}));

  await window.click("rail-sync");
  await window.click("open-import");
  await look(window);
  assert.equal(await figure(window, "import-new"), count, "nobody can tell that it is the same");
  await window.click("choice-here");
  await window.type("import-chat-name", "lisb");
  await window.until("one chat is called so", async () => (await window.all("import-chat-option")).length, (found) => found === 1);
  await window.driver.actions().sendKeys("\uE007").perform();
  await window.until("it is known", () => figure(window, "import-known"), (known) => known === count);
  assert.equal(await figure(window, "import-new"), 0);
  await window.picture("import-chat-chosen");
  await window.click("import-start");
  await window.find("import-done");

  // And the message says by whom it is known.
  await window.click("rail-chats");
  await window.until("one chat is there, and no second one", async () => (await window.all("chat-row")).length, (rows) => rows === 1);
  await window.click("chat-row");
  await window.until("messages are shown", async () => (await window.all("message")).length, (found) => found > 3);
  await window.run(`[...document.querySelectorAll('[data-testid="message"]')].at(-1).focus()`);
  await window.driver.actions().keyDown("\uE009").sendKeys("d").keyUp("\uE009").perform();
  await window.find("message-details");
  const known = `return [...document.querySelectorAll('[data-testid="known-source"]')].map((each) => each.textContent)`;
  const sources = await window.until("both texts are named", () => window.run(known), (found) => found.length === 2);
  assert.match(sources.join(), /Lisbon flat\.txt.*Flat 2021\.txt/s);
  await window.picture("message-known-from");
});

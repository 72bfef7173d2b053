// Gil looks for things in the sample archive: words, a phrase, a filter; opens what he finds and comes back.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

const key = { enter: "\uE007", escape: "\uE00C", down: "\uE015", control: "\uE009", shift: "\uE008", f3: "\uE033" };

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

/** The hits on the screen: what they say and what is marked in them. */
const hits = `return [...document.querySelectorAll('[data-testid="hit"]')].map((hit) => ({
  id: hit.dataset.externalId,
  text: hit.textContent,
  marks: [...hit.querySelectorAll("mark")].map((mark) => mark.textContent),
}));`;

const focused = `return document.activeElement?.dataset.testid ?? ""`;

/** Puts the text into the field and waits for hits of which each fits. */
async function look(window, text, fits) {
  await window.type("search-field", text);
  const status = async () => ({ words: await window.text("search-status"), found: await window.run(hits) });
  const { found } = await window.until(`“${text}” is answered`, status, ({ words, found }) => {
    return /\d/.test(words) && found.length > 0 && found.every(fits);
  });
  return found;
}

/** Waits until this message stands in the view of the reader, and is the one that is marked. */
async function isShown(window, id) {
  const place = `
    const message = document.querySelector('[data-testid="message"].marked');
    const pane = document.querySelector('[data-testid="reader"]')?.getBoundingClientRect();
    const place = message?.getBoundingClientRect();
    if (!place || !pane) return null;
    return { id: message.dataset.externalId, inView: place.top < pane.bottom && place.bottom > pane.top };
  `;
  await window.until("the message is marked in its chat", () => window.run(place), (seen) => seen?.id === id && seen.inView);
}

async function pictures(window, name) {
  await window.picture(`${name}-light`);
  await window.theme("dark");
  await window.picture(`${name}-dark`);
  await window.theme("light");
}

/** A window with the sample archive, all of it there and indexed. */
async function openSample(t) {
  const window = await openWindow(join(temporaryFolder(t), "home"));
  t.after(() => window.close().catch(() => {}));
  await window.click("door-sample");
  await window.click("rail-sync");
  await window.until("the messages come", async () => number(await window.text("stats-messages")), (count) => count > 15_000);
  await window.gone("sync-cancel");
  await window.click("rail-search");
  await look(window, "train", (hit) => hit.marks.length > 0);
  await window.gone("indexing");
  await (await window.find("search-field")).sendKeys(key.escape);
  return window;
}

/** The hit at which one stands in its chat, if it is in view. */
const standing = `
  const message = document.querySelector('[data-current] [data-testid="message"]');
  const pane = document.querySelector('[data-testid="reader"]').getBoundingClientRect();
  const place = message?.getBoundingClientRect();
  const inView = place && place.top < pane.bottom && place.bottom > pane.top;
  return inView && message.querySelector("mark.hit") ? message.dataset.externalId : null;
`;

test("words, phrases and filters find messages, which open in their chats", { timeout: 300_000 }, async (t) => {
  const window = await openSample(t);
  await window.find("search-examples");
  assert.equal(await window.run(focused), "search-field", "one can type at once");
  await pictures(window, "search-nothing-typed");

  await look(window, "train", (hit) => hit.marks.some((mark) => /^train/i.test(mark)));
  await pictures(window, "search-words");
  await window.size(420, 860);
  await window.picture("search-words-narrow");
  await window.size(1320, 860);
  await look(window, '"train is late"', (hit) => /train is late/i.test(hit.text));
  await look(window, "train from:me", (hit) => hit.text.includes("You"));
  assert.match(await window.text("chip-from"), /From: me/);
  await window.click("chip-from-clear");
  const field = await window.find("search-field");
  assert.equal(await field.getAttribute("value"), "train", "the chip takes its filter out of the text");

  // Those of a moment ago fit as well, but are all from oneself.
  const found = await look(window, "train", (hit, _, all) => hit.marks.length > 0 && all.length > 2 && all.some((each) => !each.text.includes("You")));
  await field.sendKeys(key.down, key.down, key.enter);
  await isShown(window, found[2].id);
  assert.equal(await window.run(focused), "reader", "the keys scroll in the chat");
  await pictures(window, "search-opened");
  await (await window.find("reader")).sendKeys(key.escape);
  const back = await window.find("search-field");
  assert.equal(await back.getAttribute("value"), "train", "the hits are still there");
  const active = await back.getAttribute("aria-activedescendant");
  const at = await window.run("return document.getElementById(arguments[0])?.dataset.externalId", active);
  assert.equal(at, found[2].id, "and the keys stand where they stood");

  // Years from the end of its chat, which is all that a chat loads by itself.
  const old = await look(window, "kitchen before:2022", (hit) => /kitchen/i.test(hit.text));
  await back.sendKeys(key.enter);
  await isShown(window, old[0].id);
  await (await window.find("reader")).sendKeys(key.escape);

  await window.type("search-field", "qwertzuiop from:nobodyiscalledso");
  const none = await window.find("search-none");
  assert.match(await none.getText(), /Nobody and nothing here is called “nobodyiscalledso”/);
  await pictures(window, "search-none");
});

test("a few letters lead to a chat, and from hit to hit in it", { timeout: 300_000 }, async (t) => {
  const window = await openSample(t);
  const type = (...keys) => window.driver.actions().sendKeys(...keys).perform();

  await window.driver.actions().keyDown(key.control).sendKeys("k").keyUp(key.control).perform();
  await window.find("switcher");
  await window.until("the field of the switcher has the keys", () => window.run(focused), (id) => id === "switcher-field");
  await type("train");
  await window.until("messages are offered", async () => (await window.all("choice-message")).length, (count) => count > 0);
  await pictures(window, "switcher-messages");
  await window.type("switcher-field", "jonas");
  const first = `return document.querySelector('[role="option"][aria-selected="true"]')?.textContent ?? ""`;
  await window.until("the chat comes first", () => window.run(first), (text) => text.includes("Jonas"));
  await pictures(window, "switcher-chats");
  await type(key.enter);
  await window.gone("switcher");
  await window.until("the keys are in the chat", () => window.run(focused), (id) => id === "reader");
  const title = `return document.querySelector("main h1")?.textContent ?? ""`;
  await window.until("it is the chat", () => window.run(title), (text) => text.includes("Jonas"));

  await window.driver.actions().keyDown(key.control).keyDown(key.shift).sendKeys("f").keyUp(key.shift).keyUp(key.control).perform();
  await window.until("the bar has the keys", () => window.run(focused), (id) => id === "chat-search-field");
  await type("train");
  const place = async () => ({ count: await window.text("chat-search-count"), id: await window.run(standing) });
  const at = (number) => ({ count, id }) => count.startsWith(`${number} of `) && id !== null;
  const newest = await window.until("the newest hit is shown", place, at(1));
  await pictures(window, "chat-search");
  await type(key.enter);
  const second = await window.until("Enter leads to the one before it", place, at(2));
  assert.notEqual(second.id, newest.id);
  await type(key.f3);
  const third = await window.until("F3 too", place, at(3));
  await window.driver.actions().keyDown(key.shift).sendKeys(key.enter).keyUp(key.shift).perform();
  const back = await window.until("Shift+Enter leads back", place, at(2));
  assert.equal(back.id, second.id);
  assert.notEqual(back.id, third.id);
  // Over pages that are loaded on the way, which must not carry a jump off its place.
  for (let number = 3; number <= 25; number++) {
    await type(key.enter);
    await window.until(`hit ${number} is in view`, place, at(number));
  }
  await window.size(420, 860);
  await window.picture("chat-search-narrow");
  await window.size(1320, 860);
  await type(key.escape);
  await window.gone("chat-search");
  const marks = `return document.querySelectorAll("mark.hit").length`;
  await window.until("the marks go with it", () => window.run(marks), (count) => count === 0);
});

// Gil looks for things in the sample archive: words, a phrase, a filter; opens what he finds and comes back.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

const key = { enter: "\uE007", escape: "\uE00C", down: "\uE015" };

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

test("words, phrases and filters find messages, which open in their chats", { timeout: 300_000 }, async (t) => {
  const home = join(temporaryFolder(t), "home");
  const window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));
  await window.click("door-sample");
  await window.click("rail-sync");
  await window.until("the messages come", async () => number(await window.text("stats-messages")), (count) => count > 15_000);
  await window.gone("sync-cancel");

  await window.click("rail-search");
  await window.find("search-examples");
  assert.equal(await window.run(focused), "search-field", "one can type at once");
  await pictures(window, "search-nothing-typed");

  await look(window, "train", (hit) => hit.marks.some((mark) => /^train/i.test(mark)));
  await window.gone("indexing");
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

  const found = await look(window, "train", (hit) => hit.marks.length > 0);
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

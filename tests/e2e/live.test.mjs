// Fay reads while her phone goes on: what comes is there without a click, and nothing jumps.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

const chat = "4917600002002@s.whatsapp.net";

/** Messages of one chat, as a bridge would tell them, in a file of their own. */
function messages(folder, from, count) {
  const records = Array.from({ length: count }, (_, index) => ({
    type: "message",
    external_conversation_id: chat,
    external_message_id: `LIVE${from + index}`,
    sender_external_id: chat,
    sender_display_name: "Gil",
    message_type: "text",
    content: `message number ${from + index}`,
    timestamp: new Date(1_780_000_000_000 + (from + index) * 60_000).toISOString(),
  }));
  const file = join(folder, `from-${from}.ndjson`);
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return file;
}

const shown = (id) =>
  `return document.querySelector('[data-testid="message"][data-external-id="${id}"] [data-testid="message-text"]')?.textContent ?? null`;

const scrolled = `const pane = document.querySelector('[data-testid="reader"]'); return pane.scrollTop`;

/** What stands somewhere, cut off or not. */
const words = (id) => `return document.querySelector('[data-testid="${id}"]')?.textContent ?? ""`;

const toTheAccount = `document.querySelector('main').scrollTop = 10_000`;

/** As by a hand on the wheel. */
const upwards = `
  const pane = document.querySelector('[data-testid="reader"]');
  pane.dispatchEvent(new WheelEvent("wheel", { deltaY: -2000, bubbles: true }));
  pane.scrollTop -= 2000`;

/** A message in the middle of the reader. */
const inView = `
  const rows = [...document.querySelectorAll('[data-testid="message"]')];
  return rows.find((row) => row.getBoundingClientRect().top > 200)?.dataset.externalId ?? null`;

/** Where a message stands in the window, in pixels from the top. */
const place = (id) =>
  `return Math.round(document.querySelector('[data-testid="message"][data-external-id="${id}"]')?.getBoundingClientRect().top ?? -1)`;

test("what comes is readable without a click", { timeout: 240_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Fay's phone");
  server.ingest(account, messages(folder, 0, 200));
  const token = server.token(account);
  await server.start();

  const home = join(folder, "home");
  const window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", token);
  await window.click("connect-submit");
  await window.click("sync-all");
  const live = (wanted) => window.until("the link shows", () => window.run(words("account-link")), (text) => wanted.test(text));
  await live(/^Live/);
  await window.run(toTheAccount);
  await window.picture("live-sync-page");

  await window.click("rail-chats");
  const row = `[data-testid="chat-row"][data-chat-jid="${chat}"]`;
  await window.until("the chat is listed", () => window.run(`return !!document.querySelector('${row}')`), Boolean);
  await window.run(`document.querySelector('${row}').click()`);
  const reads = (id) => window.until(`${id} is shown`, () => window.run(shown(id)), (text) => text !== null);
  await reads("LIVE199");
  await window.until("the list says that it is current", () => window.run(words("status-line")), (text) => /^Live/.test(text));

  // From here on nobody touches the window.
  server.ingest(account, messages(folder, 200, 1));
  await reads("LIVE200");
  await window.picture("live-chat-light");

  // Reading further up: what comes below moves nothing and is counted.
  await window.run(upwards);
  await window.find("jump-end");
  const middle = await window.until("messages are in view", () => window.run(inView), (id) => id !== null);
  let before = null;
  await window.until(
    "the list has come to rest",
    async () => {
      const last = before;
      before = await window.run(place(middle));
      return before === last && before > 0;
    },
    Boolean,
  );
  server.ingest(account, messages(folder, 201, 3));
  await window.until(
    "the new ones are counted",
    () => window.run(`return document.querySelector('[data-testid="jump-end"]')?.getAttribute("aria-label") ?? ""`),
    (label) => label.includes("3 new messages"),
  );
  assert.equal(await window.run(place(middle)), before, "what is read stays where it is");
  assert.ok((await window.run(scrolled)) > 0, "it was in the middle");
  await window.picture("live-chat-above");
  await window.click("jump-end");
  await reads("LIVE203");

  // The server goes away and comes back; the list says so, and the gap is filled.
  const { url } = server;
  await server.stop();
  await window.until("the list says that it is offline", () => window.run(words("status-line")), (text) => /^Offline/.test(text));
  await window.picture("live-offline-light");
  await window.theme("dark");
  await window.picture("live-offline-dark");
  server.ingest(account, messages(folder, 204, 2));
  await server.start(new URL(url).host);
  await reads("LIVE205");
  await window.until("the list is current again", () => window.run(words("status-line")), (text) => /^Live/.test(text));
  await window.picture("live-chat-dark");
  await window.size(400, 800);
  await window.picture("live-chat-narrow");
  await window.click("rail-chats");
  await window.picture("live-list-narrow");
  await window.click("rail-sync");
  await window.picture("live-sync-narrow");
  await window.size(1320, 860);

  // Switched off, it says so and stays off.
  await window.click("rail-settings");
  await window.click("following");
  await window.picture("live-settings-dark");
  await window.click("rail-sync");
  await live(/^Not kept current/);
  await window.run(toTheAccount);
  await window.picture("live-off-dark");

  // Switched on again, it meets a token that was revoked, and says so in words.
  await window.click("rail-settings");
  await window.click("following");
  await window.click("rail-sync");
  await live(/^Live/);
  const [{ id }] = server.ask("token", "list");
  server.ask("token", "revoke", String(id));
  server.ingest(account, messages(folder, 206, 1));
  await window.find("error-note");
  assert.match(await window.text("error-note"), /token/i, "what only a person can mend is told in words");
  await window.run(toTheAccount);
  await window.picture("live-revoked-dark");
  await window.theme("light");
  await window.picture("live-revoked-light");
});

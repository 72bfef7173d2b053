// Eva's phone remembers years. Her window begins with the newest messages and brings the rest, when asked.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Phone } from "./support/phone.mjs";
import { toTop } from "./support/reader.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

const ana = "4917600001000@s.whatsapp.net";

/** Opens Ana's chat and scrolls to its top. */
async function openTop(window, shows) {
  const row = `[data-testid="chat-row"][data-chat-jid="${ana}"]`;
  await window.click("rail-chats");
  await window.until("the chat is listed", () => window.run(`return !!document.querySelector('${row}')`), Boolean);
  await window.run(`document.querySelector('${row}').click()`);
  await top(window, shows);
}

/** Scrolls up until the top of the chat shows something that says this. */
async function top(window, shows, says = /./) {
  const words = async () => {
    await window.run(toTop);
    return window.run(`return document.querySelector('[data-testid="${shows}"]')?.textContent ?? ""`);
  };
  await window.until(`the top of the chat shows ${shows}`, words, (text) => says.test(text));
}

/** Brings what the server has; the app may have begun by itself. */
async function sync(window, count) {
  await window.click("rail-sync");
  const buttons = await window.all("sync-all");
  if (buttons.length > 0) await buttons[0].click();
  const messages = async () => Number((await window.text("stats-messages")).replaceAll(/\D/g, ""));
  await window.until("what the server has is here", messages, (here) => here === count);
}

async function pictures(window, name) {
  await window.picture(`${name}-light`);
  await window.theme("dark");
  await window.picture(`${name}-dark`);
  await window.theme("light");
}

test("a chat's full history comes with progress, is stopped, goes on, and ends at the beginning", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Eva's phone");
  const read = server.token(account);
  const feed = server.token(account, "ingest");
  // What was missed is to show as a gap here, and not be looked for by itself.
  process.env.THREADKEEP_SYNC_FULL_HISTORY = "false";
  await server.start();
  const phone = new Phone(server, account, feed, ana, 330);
  await phone.is("connected");
  await phone.link(30);

  const window = await openWindow(join(folder, "home"));
  t.after(() => window.close().catch(() => {}));
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", read);
  await window.click("connect-submit");
  await sync(window, 30);
  await openTop(window, "history-load");
  await top(window, "history-state", /^Here since .*2017/);
  await pictures(window, "history-offer");

  await phone.serve(2);
  t.after(() => phone.stop());
  await window.click("history-load");
  const synced = async () => {
    await window.run(toTop);
    const bars = await window.all("history-progress");
    return bars.length === 0 ? -1 : Number(await bars[0].getAttribute("data-synced"));
  };
  await window.until("the progress is what has come", synced, (count) => count === 100);
  await pictures(window, "history-progress");
  const shown = () => window.run(`${toTop} return !!document.querySelector('[data-external-id="OLD000200"]')`);
  await window.until("what has come is readable at once", shown, Boolean);

  await window.click("history-cancel");
  await top(window, "history-state", /^Stopped after 100/);
  await pictures(window, "history-stopped");

  phone.allowed = 1_000;
  await window.click("history-load");
  await top(window, "history-complete");
  const isFirst = `return !!document.querySelector('[data-external-id="OLD000000"]')`;
  await window.until("the first message of all is there", () => window.run(toTop + isFirst), Boolean);
  await top(window, "history-complete");
  await pictures(window, "history-complete");
  const status = await server.status(account, read);
  assert.equal(status.message_count, 330, "nothing is doubled");

  phone.allowed = 0;
  await phone.is("disconnected");
  await phone.is("connected");
  await phone.live(40);
  await sync(window, 331);
  await openTop(window, "history-complete");
  const toEnd = `
    const reader = document.querySelector('[data-testid="reader"]');
    reader.scrollTop = reader.scrollHeight;
    reader.dispatchEvent(new Event("scroll"));
  `;
  const gap = async () => {
    await window.run(toEnd);
    return (await window.all("gap")).length;
  };
  await window.until("what may be missing is drawn as a gap", gap, (count) => count === 1);
  await window.picture("history-gap-light");
  await window.size(420, 860);
  await window.run(toEnd);
  await window.picture("history-gap-narrow");
  await window.size(1320, 860);

  phone.allowed = 10_000;
  await window.run(`document.querySelector('[data-testid="gap"] button').click()`);
  await window.gone("gap");
  const filled = async () => (await server.status(account, read)).message_count;
  await window.until("nothing is missing any more", filled, (count) => count === 371);
});

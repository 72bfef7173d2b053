// Fay installs Threadkeep, connects it to her server, reads, and reads again on the train.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

const fixtures = fileURLToPath(new URL("../fixtures/baileys/", import.meta.url));
const markup = "<img src=x onerror=\"window.__pwn=1\"><script>window.__pwn=2</script><b>bold?</b> & 'quoted'";

/** The fixture, and one more message that tries to be markup. */
function eventsWithMarkup(folder) {
  const message = {
    key: { remoteJid: "4917600001001@s.whatsapp.net", fromMe: false, id: "3AMARKUP00000001" },
    message: { conversation: markup },
    messageTimestamp: "1583900000",
    pushName: "<i>Dmitri</i>",
  };
  const event = { event: "messages.upsert", data: { messages: [message], type: "notify" } };
  const file = join(folder, "events.ndjson");
  writeFileSync(file, `${readFileSync(join(fixtures, "events.ndjson"), "utf8").trimEnd()}\n${JSON.stringify(event)}\n`);
  return file;
}

/** Notes every value that a bar takes, from inside the page. */
const watchBars = `
  window.__bars = {};
  new MutationObserver(() => {
    for (const bar of document.querySelectorAll('[role="progressbar"]')) {
      const stage = bar.closest('[data-testid^="stage-"]')?.dataset.testid;
      const values = (window.__bars[stage] ??= []);
      const now = Number(bar.getAttribute("aria-valuenow"));
      if (values.at(-1) !== now) values.push(now);
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
`;

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

async function readChat(window) {
  const row = `[data-testid="chat-row"][data-chat-jid="4917600001001@s.whatsapp.net"]`;
  await window.click("rail-chats");
  await window.type("chat-filter", "Bob");
  await window.until("the chat is listed", () => window.run(`return !!document.querySelector('${row}')`), Boolean);
  await window.run(`document.querySelector('${row}').click()`);
  const last = `[data-testid="message"][data-external-id="3AMARKUP00000001"] [data-testid="message-text"]`;
  await window.until(
    "the last message is shown",
    () => window.run(`return document.querySelector('${last}')?.textContent ?? null`),
    (text) => text !== null,
  );
  const shown = await window.run(`return document.querySelector('${last}').textContent`);
  assert.equal(shown, markup, "a message that looks like markup shows to the letter");
  assert.equal(await window.run("return window.__pwn ?? null"), null, "and nothing in it ran");
}

test("from the first start to reading without a network", { timeout: 240_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Fay's phone");
  const report = server.ingest(account, eventsWithMarkup(folder));
  assert.deepEqual(report.errors, [], "the fixture is understood");
  const token = server.token(account);
  await server.start();

  const home = join(folder, "home");
  let window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));

  await window.find("welcome");
  await window.picture("first-run");
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", "tk_wrong");
  await window.click("connect-submit");
  assert.match(await window.text("connect-error"), /token/i, "a wrong token is told in words");
  await window.picture("first-run-wrong-token");
  await window.type("server-token", token);
  await window.click("connect-submit");

  await window.find("sync-all");
  await window.run(watchBars);
  await window.picture("sync-before");
  // Connecting may have started the first sync by itself; the button then says how to stop it.
  const buttons = await window.all("sync-all");
  if (buttons.length > 0) await buttons[0].click();

  const status = await server.status(account, token);
  for (const [name, count] of [
    ["messages", status.message_count],
    ["conversations", status.conversation_count],
    ["contacts", status.contact_count],
  ]) {
    await window.until(`the number of ${name} is the server's`, async () => number(await window.text(`stats-${name}`)), (shown) => shown === count);
  }
  await window.gone("sync-cancel");
  const bars = await window.run("return window.__bars");
  assert.ok(bars["stage-messages"]?.length > 1, `the bar of messages moved: ${JSON.stringify(bars)}`);
  assert.ok((await window.all("run-row")).length > 0, "the run is in the log");
  await window.picture("sync-after");

  await readChat(window);
  await window.picture("chats-light");
  await window.theme("dark");
  await window.picture("chats-dark");

  await server.stop();
  await window.close();
  window = await openWindow(home);
  await readChat(window);
  await window.picture("chats-offline");

  await window.click("rail-sync");
  await window.click("sync-all");
  await window.find("error-note");
  assert.match(await window.text("error-note"), /reach/i, "a server that is gone is told in words");
  await window.picture("sync-unreachable");
  assert.equal(number(await window.text("stats-messages")), status.message_count, "and nothing is lost");
});

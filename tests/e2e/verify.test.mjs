// Somebody wrote into Fay's copy. She presses Verify, and reads again what was said.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { terminal } from "./support/terminal.mjs";
import { verify } from "./support/verify.mjs";
import { openWindow } from "./support/window.mjs";

const chat = "4917600002002@s.whatsapp.net";
const count = 40;
const said = (number) => `word of Gil is no. ${String(number).padStart(2, "0")}`;
const forged = (number) => `word of nobody no. ${String(number).padStart(2, "0")}`;

function archive(folder) {
  const records = Array.from({ length: count }, (_, number) => ({
    type: "message",
    external_conversation_id: chat,
    external_message_id: `G${number}`,
    sender_external_id: chat,
    sender_display_name: "Gil",
    message_type: "text",
    content: said(number),
    timestamp: new Date(1_780_000_000_000 + number * 60_000).toISOString(),
  }));
  const file = join(folder, "archive.ndjson");
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return file;
}

/** Writes other letters over those of a message, wherever in the file it stands. Returns how often that was. */
function forge(home, number) {
  const file = join(home, "db", "mirror.db");
  const wal = `${file}-wal`;
  assert.ok(!existsSync(wal) || statSync(wal).size === 0, "all that was written is in the file itself");
  const bytes = readFileSync(file);
  const [before, after] = [Buffer.from(said(number)), Buffer.from(forged(number))];
  assert.equal(before.length, after.length, "the file stays whole: only letters change");
  let times = 0;
  for (let at = bytes.indexOf(before); at >= 0; at = bytes.indexOf(before, at + 1)) {
    after.copy(bytes, at);
    times += 1;
  }
  writeFileSync(file, bytes);
  return times;
}

/** The text of a message as the reader shows it. */
async function read(window, number) {
  const row = `[data-testid="chat-row"][data-chat-jid="${chat}"]`;
  const text = `[data-testid="message"][data-external-id="G${number}"] [data-testid="message-text"]`;
  await window.click("rail-chats");
  // In a narrow window the chat that was open stands in the place of the list.
  await window.until(
    "the message is shown",
    () => window.run(`document.querySelector('${row}')?.click(); return document.querySelector('${text}')?.textContent ?? null`),
    (shown) => shown !== null,
  );
  return window.run(`return document.querySelector('${text}').textContent`);
}

/** The rail is where it was, whatever was brought into view. */
async function shellStands(window) {
  const scrolled = "return document.scrollingElement.scrollTop + document.body.scrollTop + document.querySelector('#root').scrollTop";
  assert.equal(await window.run(scrolled), 0, "only the page scrolls, not what stands around it");
}

test("what was altered here by hand is found and mended", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Fay's phone");
  assert.deepEqual(server.ingest(account, archive(folder)).errors, []);
  const token = server.token(account);
  await server.start();
  const home = join(folder, "home");
  await terminal(home, "connect", server.url, "--token", token);
  await terminal(home, "sync");
  const last = count - 1;
  assert.ok(forge(home, last) >= 2, "the last message stands in the file, and the chat's preview of it");

  let window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));
  assert.equal(await read(window, last), forged(last), "nothing but a comparison can tell");
  const found = await verify(window);
  assert.equal(found.sound, true, "nothing stays wrong");
  assert.equal(found.mended, 2, "the message and the chat's preview of it");
  assert.equal(found.removed, 0, "every row is one of the server's");
  assert.match(found.words, /2 rows mended/, "and it is said in words");
  await shellStands(window);
  for (const theme of ["light", "dark"]) {
    await window.theme(theme);
    await window.picture(`verify-mended-${theme}`);
  }
  await window.theme("light");
  assert.equal(await read(window, last), said(last), "what was said is read again, at once");
  const again = await verify(window);
  assert.deepEqual([again.sound, again.mended], [true, 0], "a second look finds nothing");
  await window.picture("verify-sound");
  await window.close();

  await terminal(home, "sync");
  const earlier = last - 2;
  assert.ok(forge(home, earlier) >= 1, "an earlier message stands in the file");
  window = await openWindow(home);
  await window.size(420, 640);
  const narrow = await verify(window);
  assert.deepEqual([narrow.sound, narrow.mended], [true, 1], "the message alone: no preview shows it");
  await shellStands(window);
  await window.picture("verify-mended-narrow");
  assert.equal(await read(window, earlier), said(earlier), "and it is mended there as well");
});

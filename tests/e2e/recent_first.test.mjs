// Gil connects a new computer over a slow line, and reads what is new while the rest is on its way.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";
import { Wire } from "./support/wire.mjs";

const chats = 60;
const messages = 100;

/** More than is fetched ahead, in more chats. The last chat spoke last. */
function archive(folder) {
  const records = [];
  for (let number = 0; number < messages; number += 1) {
    for (let chat = 0; chat < chats; chat += 1) {
      const jid = `49170000${String(chat).padStart(4, "0")}@s.whatsapp.net`;
      records.push({
        type: "message",
        external_conversation_id: jid,
        external_message_id: `C${chat}M${number}`,
        sender_external_id: jid,
        sender_display_name: `Person ${chat}`,
        message_type: "text",
        content: `message ${number} of chat ${chat} ${"and so on ".repeat(8)}`,
        timestamp: new Date(Date.UTC(2024, 0, 1 + number, 12, chat)).toISOString(),
      });
    }
  }
  const file = join(folder, "archive.ndjson");
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join("\n"));
  return file;
}

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

test("the newest messages are readable while the long pull runs", { timeout: 240_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Gil's phone");
  const report = server.ingest(account, archive(folder));
  assert.equal(report.saved, chats * messages, JSON.stringify(report.errors));
  const token = server.token(account);
  await server.start();
  const wire = new Wire();
  await wire.to(server.url);
  t.after(() => wire.close());
  wire.hold(`/sync/messages/${account}?`);

  const window = await openWindow(join(folder, "home"));
  t.after(() => window.close().catch(() => {}));
  await window.click("door-server");
  await window.type("server-address", wire.url);
  await window.type("server-token", token);
  await window.click("connect-submit");
  // Connecting may have started the first sync by itself.
  await window.until(
    "a sync runs",
    async () => {
      const [start] = await window.all("sync-all");
      await start?.click();
      return (await window.all("sync-cancel")).length;
    },
    (count) => count > 0,
  );

  const newest = chats - 1;
  const row = `[data-testid="chat-row"][data-chat-jid="49170000${String(newest).padStart(4, "0")}@s.whatsapp.net"]`;
  const text = `[data-testid="message"][data-external-id="C${newest}M${messages - 1}"] [data-testid="message-text"]`;
  await window.click("rail-chats");
  await window.until("the newest chat is listed", () => window.run(`return !!document.querySelector('${row}')`), Boolean);
  await window.run(`document.querySelector('${row}').click()`);
  await window.until(
    "its last message can be read",
    () => window.run(`return document.querySelector('${text}')?.textContent ?? null`),
    (shown) => shown?.startsWith(`message ${messages - 1} of chat ${newest} `),
  );
  await window.picture("recent-first-chat");
  assert.ok(wire.isHolding, "the long answer has only begun");
  await window.click("rail-sync");
  await window.find("sync-cancel");
  const ahead = number(await window.text("stats-messages"));
  assert.ok(ahead < chats * messages, `the long pull is not through: ${ahead}`);
  await window.picture("recent-first-sync");

  wire.release();
  await window.until(
    "everything has come",
    async () => number(await window.text("stats-messages")),
    (shown) => shown === chats * messages,
  );
  await window.gone("sync-cancel");

  await window.click("rail-settings");
  await window.find("sync-settings");
  for (const theme of ["light", "dark"]) {
    await window.theme(theme);
    await window.picture(`settings-${theme}`);
  }
  await window.size(400, 860);
  await window.picture("settings-narrow");
});

// Dara reads a long chat backwards in one go. Whether frames were dropped is printed and kept, and never a test:
// only that all of it passed by is. It takes minutes where the picture is drawn by the processor, so it wants to be
// asked for: `E2E_SCROLL=1 npm run e2e -- scroll`.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

const messages = 10_000;
/** A frame that takes longer is seen as a jerk. */
const jerk = 50;
/** Pixels a frame: a wheel that is turned fast. */
const speed = 240;

const jid = "120363000000000001@g.us";
const people = ["Ana", "Ben", "Chloé", "Dmitri", "田中 健"];

/** Short and long, with quotes and reactions between them, as in a group of years. */
function archive(folder) {
  const records = [];
  for (let number = 0; number < messages; number += 1) {
    const person = people[(number * 7) % people.length];
    const sender = `4917000000${people.indexOf(person)}@s.whatsapp.net`;
    records.push({
      type: "message",
      external_conversation_id: jid,
      external_message_id: `M${number}`,
      sender_external_id: sender,
      sender_display_name: person,
      is_from_me: number % 4 === 0,
      message_type: "text",
      content: `message ${number} ${"and so on ".repeat((number * number) % 23)}${number % 9 === 0 ? "https://example.org 👍" : ""}`,
      timestamp: new Date(Date.UTC(2023, 0, 1) + number * 37 * 60_000).toISOString(),
      ...(number % 11 === 5 && { quoted_message_id: `M${number - 3}` }),
    });
  }
  const file = join(folder, "archive.ndjson");
  writeFileSync(file, records.map((record) => JSON.stringify(record)).join("\n"));
  return file;
}

/** Turns the wheel until the first message is drawn, and hands back how long each frame took. */
const scroll = `
  const [speed, done] = arguments;
  const reader = document.querySelector('[data-testid="reader"]');
  const seen = new Set();
  const frames = [];
  let last = performance.now();
  let still = 0;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    for (const row of reader.querySelectorAll('[data-testid="message"]')) seen.add(row.dataset.externalId);
    const isStill = reader.scrollTop === 0;
    still = isStill ? still + 1 : 0;
    if (seen.has("M0") || still > 3_000) return done({ frames: frames.slice(1), seen: seen.size });
    // A pixel to and fro where it stands: the list is told that somebody waits at its top.
    reader.scrollTop = isStill ? 1 : Math.max(0, reader.scrollTop - speed);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
`;

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

const skip = process.env.E2E_SCROLL ? false : "only where E2E_SCROLL asks for it";

test("ten thousand messages scroll by", { timeout: 600_000, skip }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Dara's phone");
  const report = server.ingest(account, archive(folder));
  assert.equal(report.saved, messages, JSON.stringify(report.errors));
  const token = server.token(account);
  await server.start();

  const window = await openWindow(join(folder, "home"));
  t.after(() => window.close().catch(() => {}));
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", token);
  await window.click("connect-submit");
  await window.until(
    "everything is pulled",
    async () => {
      const [start] = await window.all("sync-all");
      const stands = number(await window.text("stats-messages"));
      if (stands < messages) await start?.click();
      return stands;
    },
    (count) => count === messages,
  );
  await window.gone("sync-cancel");
  await window.click("rail-chats");
  await window.until(
    "the chat opens",
    async () => {
      if ((await window.all("message")).length === 0) await (await window.find("chat-row")).click();
      return (await window.all("message")).length;
    },
    (count) => count > 3,
  );

  await window.driver.manage().setTimeouts({ script: 500_000 });
  const { frames, seen } = await window.driver.executeAsyncScript(scroll, speed);
  const sorted = [...frames].sort((one, other) => one - other);
  const at = (part) => Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]) / 10;
  const found = {
    messages: seen,
    frames: frames.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    worst: at(1),
    jerks: frames.filter((frame) => frame > jerk).length,
  };
  t.diagnostic(`milliseconds a frame: ${JSON.stringify(found)}`);
  mkdirSync(process.env.E2E_ARTIFACTS, { recursive: true });
  writeFileSync(join(process.env.E2E_ARTIFACTS, "scroll.json"), `${JSON.stringify(found, null, 2)}\n`);
  assert.equal(seen, messages, "each message was drawn on the way to the first one");
});

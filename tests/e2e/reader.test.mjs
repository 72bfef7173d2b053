// Ida reads in the climbing group: who wrote what and how, who has read her own words, by pointer and by keys,
// and what an answer answers.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Button, Key } from "selenium-webdriver";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { openWindow } from "./support/window.mjs";

const group = "4917600003000-1500000000@g.us";
const [ana, gil] = ["4917600003001@s.whatsapp.net", "4917600003002@s.whatsapp.net"];
const day = 86_400_000;
const count = 900;
/** The newest message; the others lie two hours apart before it. */
const last = Date.UTC(2026, 4, 30, 12);
const at = (number) => new Date(last - (count - 1 - number) * (day / 12)).toISOString();

const said = (number, more = {}) => ({
  type: "message",
  external_conversation_id: group,
  external_message_id: `R${String(number).padStart(4, "0")}`,
  sender_external_id: number % 3 === 0 ? gil : ana,
  sender_display_name: number % 3 === 0 ? "Gil" : "Ana",
  message_type: "text",
  content: `message number ${number}${" and some more words".repeat(number % 7)}`,
  timestamp: at(number),
  ...more,
});

const receipts = [
  { participant_external_id: ana, delivered_at: at(890), read_at: at(893) },
  { participant_external_id: gil, delivered_at: at(891) },
];
const mine = { is_from_me: true, sender_external_id: undefined, delivery_status: "read", receipts };
const riddle = { message_type: "unknown", content: "", platform_metadata: { raw: { riddleMessage: { v: 1 } } } };

const records = [
  { type: "conversation", external_conversation_id: group, conversation_type: "group", name: "Climbing" },
  ...Array.from({ length: count - 4 }, (_, number) => said(number)),
  said(count - 4, { content: "it is *steep*, see _route 7_", platform_metadata: { mentions: [gil] } }),
  said(count - 3, { ...mine, content: "I bring the long rope" }),
  said(count - 2, riddle),
  said(count - 1, {
    content: "@4917600003002 comes too",
    platform_metadata: { mentions: [gil] },
    reply_to_external_id: "R0010",
    reply_to_preview: "message *number* 10",
  }),
];

const bubble = (number) => `[data-testid="message"][data-external-id="R${String(number).padStart(4, "0")}"]`;
const textOf = (selector) => `return document.querySelector('${selector}')?.textContent ?? null`;

/** Scrolls up step by step, and says how far at most something in view moved otherwise than by the step. */
const climb = `
  const done = arguments[arguments.length - 1];
  const pane = document.querySelector('[data-testid="reader"]');
  const frame = () => new Promise(requestAnimationFrame);
  (async () => {
    let most = 0;
    let came = 0;
    for (let step = 0; step < 4_000 && came < 5; step++) {
      const box = pane.getBoundingClientRect();
      const inView = [...pane.querySelectorAll("[data-row]")].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top > box.top + 80 && bottom < box.bottom;
      });
      const anchor = inView[0];
      const height = pane.scrollHeight;
      const by = Math.min(40, pane.scrollTop);
      if (anchor === undefined || by < 40) {
        await frame();
        continue;
      }
      const before = anchor.getBoundingClientRect().top;
      pane.scrollTop -= by;
      await frame();
      await frame();
      if (!anchor.isConnected) throw new Error("what was in view is gone");
      most = Math.max(most, Math.abs(anchor.getBoundingClientRect().top - before - by));
      if (pane.scrollHeight > height + 1_000) came += 1;
    }
    return { most, came };
  })().then(done, (error) => done({ error: String(error) }));
`;

test("a group is read, asked about and walked through", { timeout: 600_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Ida's phone");
  const file = join(folder, "climbing.ndjson");
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  server.ingest(account, file);
  const token = server.token(account);
  await server.start();

  const window = await openWindow(join(folder, "home"));
  t.after(() => window.close().catch(() => {}));
  await window.driver.manage().setTimeouts({ script: 240_000 });
  await window.click("door-server");
  await window.type("server-address", server.url);
  await window.type("server-token", token);
  await window.click("connect-submit");
  await window.click("rail-sync");
  const buttons = await window.all("sync-all");
  if (buttons.length > 0) await buttons[0].click();
  const here = async () => Number((await window.text("stats-messages")).replaceAll(/\D/g, ""));
  await window.until("the messages are here", here, (number) => number === count);
  await window.click("rail-chats");
  await window.click("chat-row");
  const shows = (number) => window.run(textOf(`${bubble(number)}`));
  await window.until("the end of the chat is shown", () => shows(count - 1), (text) => text !== null);

  const steep = `${bubble(count - 4)} [data-testid="message-text"]`;
  assert.equal(await window.run(textOf(steep)), "it is steep, see route 7", "signs are not shown but meant");
  assert.equal(await window.run(textOf(`${steep} strong`)), "steep");
  assert.match(await shows(count - 1), /@Gil comes too/, "who is mentioned is called by name");
  assert.match(await shows(count - 2), /riddleMessage/, "an unknown kind says what it is");
  await window.picture("reader-formatting-light");

  // By the right button, to who has read it.
  const own = await window.driver.findElement({ css: bubble(count - 3) });
  await window.driver.actions().move({ origin: own }).press(Button.RIGHT).release(Button.RIGHT).perform();
  await window.click("copy-text");
  const notices = () => window.run(`return [...document.querySelectorAll('[role="status"]')].map((each) => each.textContent).join()`);
  await window.until("the clipboard has it", notices, (text) => text.includes("Copied"));
  await window.driver.actions().move({ origin: own }).press(Button.RIGHT).release(Button.RIGHT).perform();
  await window.picture("reader-menu-light");
  await window.click("to-details");
  const details = () => window.run(textOf('[data-testid="message-details"]'));
  await window.until("who read it is told", details, (text) => /Read by \(1\)\s*Ana.*Delivered to \(1\)\s*Gil/s.test(text ?? ""));
  await window.picture("reader-details-light");
  await window.theme("dark");
  await window.picture("reader-details-dark");
  await window.theme("light");
  await window.driver.actions().sendKeys(Key.ESCAPE).perform();
  await window.gone("message-details");

  // By keys alone, to what an unknown kind brought.
  const reader = await window.find("reader");
  await reader.sendKeys(Key.ARROW_UP);
  const focused = () => window.run("return document.activeElement.dataset.externalId ?? document.activeElement.dataset.testid ?? null");
  await window.until("a message has the focus", focused, (id) => id === "R0899");
  await window.driver.actions().sendKeys(Key.ARROW_UP).perform();
  await window.until("the one before has it", focused, (id) => id === "R0898");
  await window.driver.actions().keyDown(Key.SHIFT).sendKeys(Key.F10).keyUp(Key.SHIFT).perform();
  await window.find("message-menu");
  await window.driver.actions().sendKeys(Key.ESCAPE).perform();
  await window.gone("message-menu");
  await window.until("the menu gives the focus back", focused, (id) => id === "R0898");
  await window.driver.actions().keyDown(Key.CONTROL).sendKeys("d").keyUp(Key.CONTROL).perform();
  await window.until("the details show what came", details, (text) => (text ?? "").includes('"riddleMessage": {'));
  await window.driver.actions().sendKeys(Key.ESCAPE).perform();
  await window.gone("message-details");

  // What was answered lies far back, in no page that is here.
  await window.run(`document.querySelector('${bubble(count - 1)} button.quoted').click()`);
  const inView = (number) =>
    window.run(`
      const row = document.querySelector('${bubble(number)}')?.getBoundingClientRect();
      return row !== undefined && row.top > 0 && row.bottom < innerHeight`);
  await window.until("what was answered is in view", () => inView(10), Boolean);
  await window.picture("reader-quoted-light");
  await window.run(`[...document.querySelectorAll("button")].find((each) => each.textContent === "Back to the answer").click()`);
  await window.until("the answer is in view again", () => inView(count - 1), Boolean);

  const isMarked = () => window.run(`return document.querySelector(".marked") !== null`);
  await window.until("the jump is over", isMarked, (marked) => !marked);

  // Up through pages that come, and nothing moves but by the hand.
  const climbed = await window.driver.executeAsyncScript(climb);
  assert.equal(climbed.error, undefined);
  assert.ok(climbed.came >= 5, `pages came while it was measured: ${climbed.came}`);
  assert.ok(climbed.most <= 1, `something moved by ${climbed.most} px`);
  t.diagnostic(`moved by at most ${climbed.most} px while ${climbed.came} pages came`);

  // To a day in April, by the calendar.
  await window.click("jump-to-date");
  const month = () => window.run(`return document.querySelector('[data-testid="calendar"] table[aria-busy="false"]')?.getAttribute("aria-label") ?? ""`);
  await window.until("the calendar knows", month, (name) => name !== "");
  await window.picture("reader-calendar-light");
  const toApril = `document.querySelector('[data-testid="calendar"] .calendar-head button:first-child').click()`;
  while (!/April/.test(await month())) {
    const before = await month();
    const forward = /March/.test(before) ? toApril.replace("first-child", "last-child") : toApril;
    await window.run(forward);
    await window.until("another month", month, (name) => name !== "" && name !== before);
  }
  await window.run(`document.querySelector('[data-testid="calendar"] [data-day="14"]').click()`);
  const isDay = `
    const pane = document.querySelector('[data-testid="reader"]').getBoundingClientRect();
    return [...document.querySelectorAll('[data-testid="day"]')]
      .filter((each) => Math.abs(each.getBoundingClientRect().top - pane.top) < 80)
      .map((each) => each.title).join()`;
  await window.until("the day stands at the top", () => window.run(isDay), (title) => /April 14|14 April/.test(title));
  await window.picture("reader-day-light");
});

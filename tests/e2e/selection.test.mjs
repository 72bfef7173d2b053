// Eva's laptop is small. She keeps the last year, then one chat whole, then only that chat, then all again.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { toTop } from "./support/reader.mjs";
import { Server } from "./support/server.mjs";
import { terminal } from "./support/terminal.mjs";
import { verify } from "./support/verify.mjs";
import { openWindow } from "./support/window.mjs";

const day = 24 * 60 * 60_000;
const ana = { jid: "4917600003001@s.whatsapp.net", name: "Ana Souza", key: "A" };
const bob = { jid: "4917600003002@s.whatsapp.net", name: "Bob Larsen", key: "B" };
const eve = { jid: "4917600003003@s.whatsapp.net", name: "Eve Moreau", key: "E" };
const old = 20;
const recent = 10;

function message(person, number, at) {
  return {
    type: "message",
    external_conversation_id: person.jid,
    external_message_id: `${person.key}${number}`,
    sender_external_id: person.jid,
    sender_display_name: person.name,
    message_type: "text",
    content: `${person.name} says number ${number}`,
    timestamp: new Date(at).toISOString(),
  };
}

/** What was said three years ago, and what this week. */
function archive(people) {
  const now = Date.now();
  return people.flatMap((person) => [
    ...Array.from({ length: old }, (_, number) => message(person, number, now - 3 * 365 * day + number * 60_000)),
    ...Array.from({ length: recent }, (_, number) => message(person, old + number, now - 2 * day + number * 60_000)),
  ]);
}

function file(folder, name, records) {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return path;
}

const number = (text) => Number(text.replaceAll(/\D/g, ""));

/** Waits until so many messages are on this computer. */
async function holds(window, count) {
  await window.click("rail-sync");
  const here = async () => number(await window.text("stats-messages"));
  await window.until(`${count} messages are here`, here, (shown) => shown === count);
}

async function openChoice(window) {
  await window.click("rail-sync");
  await window.click("keep-open");
  await window.find("keep-filter");
}

/** Chooses for one chat, found by its name. */
async function chooseFor(window, person, script) {
  await window.type("keep-filter", person.name.slice(0, 5));
  const row = `[data-testid="keep-chat"][data-chat-jid="${person.jid}"]`;
  const only = `const rows = document.querySelectorAll('[data-testid="keep-chat"]');
    return rows.length === 1 && rows[0].matches('${row}')`;
  await window.until("the chat is found", () => window.run(only), Boolean);
  await window.run(`const row = document.querySelector('${row}'); ${script}`);
}

const everything = `
  const far = row.querySelector("select");
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(far, "everything");
  far.dispatchEvent(new Event("change", { bubbles: true }));
`;

/** Applies what is chosen, once it is known to do this. */
async function apply(window, says, picture) {
  await window.until("it says what that does", () => window.text("keep-plan"), (text) => says.test(text));
  if (picture) await pictures(window, picture);
  await window.click("keep-apply");
}

async function pictures(window, name) {
  await window.picture(`${name}-light`);
  await window.theme("dark");
  await window.picture(`${name}-dark`);
  await window.theme("light");
}

/** What the top of the open chat says of what is kept. */
const keptPart = `${toTop} return document.querySelector('[data-testid="kept-part"]')?.textContent ?? ""`;

/** The messages of a chat that the reader has, by their ids. */
async function read(window, person, has) {
  await window.click("rail-chats");
  const row = `[data-testid="chat-row"][data-chat-jid="${person.jid}"]`;
  await window.until("the chat is listed", () => window.run(`return !!document.querySelector('${row}')`), Boolean);
  await window.run(`document.querySelector('${row}').click()`);
  const shown = `${toTop}
    return [...document.querySelectorAll('[data-testid="message"]')].map((each) => each.dataset.externalId);
  `;
  return window.until(`${has} is read`, () => window.run(shown), (ids) => has === null || ids?.includes(has));
}

test("what is kept here is chosen, freed and brought back", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const server = new Server(join(folder, "server"));
  t.after(() => server.stop());
  const account = server.integration("Eva's phone");
  const told = server.ingest(account, file(folder, "archive.ndjson", archive([ana, bob])));
  assert.deepEqual(told.errors, []);
  const token = server.token(account);
  await server.start();
  const home = join(folder, "home");
  await terminal(home, "connect", server.url, "--token", token);
  await terminal(home, "sync");

  const window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));
  await holds(window, 2 * (old + recent));
  await openChoice(window);
  await pictures(window, "selection-everything");

  await window.click("choice-date");
  await window.find("keep-date");
  await pictures(window, "selection-date");
  await window.click("choice-year");
  await apply(window, /^Removes 40 messages of 2 chats/, "selection-narrowing");
  await window.find("keep-confirm");
  await window.picture("selection-confirm");
  await window.click("keep-confirm-remove");
  await window.gone("keep-bar");
  await holds(window, 2 * recent);
  assert.deepEqual(
    (await read(window, ana, `A${old}`)).filter((id) => number(id) < old),
    [],
    "what is older than a year is gone from here",
  );
  await window.until("its top says from when on it is kept", () => window.run(keptPart), (text) => /^Kept here from .*\. .*on the server/.test(text));
  await pictures(window, "selection-part");
  const narrowed = await verify(window);
  assert.deepEqual([narrowed.sound, narrowed.mended], [true, 0], "what is not kept is not missed");
  assert.equal((await server.status(account, token)).message_count, 60, "the server keeps everything");

  await openChoice(window);
  await chooseFor(window, ana, everything);
  await apply(window, /^Brings what is missing\.$/, "selection-widening");
  await window.gone("keep-bar");
  await holds(window, 2 * recent + old);
  assert.ok((await read(window, ana, "A0")).includes("A0"), "her chat is here from its first message on");

  await openChoice(window);
  await window.click("choice-chosen");
  await apply(window, /^Removes 10 messages of 1 chat/);
  await window.click("keep-confirm-remove");
  await window.gone("keep-bar");
  await holds(window, old + recent);
  await window.size(420, 860);
  await openChoice(window);
  await window.picture("selection-chosen-narrow");
  await window.size(1320, 860);

  const [later, latest] = [message(bob, 30, Date.now()), message(ana, 30, Date.now() + 1_000)];
  server.ingest(account, file(folder, "later.ndjson", [later]));
  server.ingest(account, file(folder, "latest.ndjson", [latest]));
  await holds(window, old + recent + 1);
  assert.deepEqual(await read(window, bob, null), [], "of a chat that was not chosen nothing comes");

  await window.find("kept-part");
  await pictures(window, "selection-not-kept");
  await window.click("keep-whole");
  await window.gone("keep-whole");
  await holds(window, 2 * (old + recent + 1));
  assert.ok((await read(window, bob, "B0")).includes("B0"), "his chat is here from its first message on");

  await openChoice(window);
  await window.click("choice-all");
  await apply(window, /^Brings what is missing\.$/);
  await window.gone("keep-bar");
  server.ingest(account, file(folder, "new.ndjson", [message(eve, 0, Date.now())]));
  await holds(window, 2 * (old + recent + 1) + 1);
});

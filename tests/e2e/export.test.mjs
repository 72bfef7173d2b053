// Nadia takes a chat out as pages, all chats as a table, and looks at what lies on her disk.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { Server } from "./support/server.mjs";
import { terminal } from "./support/terminal.mjs";
import { openWindow } from "./support/window.mjs";

const ana = { jid: "4917600003001@s.whatsapp.net", name: "Ana/Souza <i>" };
const ben = { jid: "4917600003002@s.whatsapp.net", name: "Ben Larsen" };
const said = ["=1+1", "<script>document.title = 'run'</script>", "שלום https://example.org/?a=1&b=2", "plain"];

const message = (person, number) => ({
  type: "message",
  external_conversation_id: person.jid,
  external_message_id: `${person.name.slice(0, 1)}${number}`,
  sender_external_id: person.jid,
  sender_display_name: person.name,
  message_type: "text",
  content: said[number % said.length],
  timestamp: new Date(Date.UTC(2024, 0, 1 + number)).toISOString(),
});

/** Chooses a form and begins; returns once it is written. */
async function exportAs(window, format) {
  await window.click(`choice-${format}`);
  await window.until("it is known what it will be", () => window.text("export-plan"), (text) => /\d/.test(text));
  const button = await window.find("export-start");
  await window.until("it can begin", () => button.isEnabled(), Boolean);
  await button.click();
  await window.find("export-done");
}

test("a chat becomes pages and all chats a table, where the person says", { timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const [home, out, data] = [join(folder, "home"), join(folder, "out"), join(folder, "messages.ndjson")];
  mkdirSync(out);
  const records = [ana, ben].flatMap((person) => Array.from({ length: 40 }, (_, number) => message(person, number)));
  writeFileSync(data, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const server = new Server(join(folder, "server"));
  const integration = server.integration("Nadia's phone");
  server.ingest(integration, data);
  await server.start();
  t.after(() => server.stop());
  await terminal(home, "connect", server.url, "--token", server.token(integration));
  await terminal(home, "sync");

  const window = await openWindow(home, "--export-to", out);
  t.after(() => window.close().catch(() => {}));
  const openAna = `
    const rows = [...document.querySelectorAll('[data-testid="chat-row"]')];
    rows.find((row) => row.textContent.includes(arguments[0]))?.click();
    return rows.map((row) => row.textContent);
  `;
  const isThere = (names) => names.length === 2 && names.some((name) => name.includes(ana.name));
  await window.until("Ana's chat is listed", () => window.run(openAna, ana.name), isThere);
  await window.click("export-chat");
  await window.find("export-dialog");
  await window.picture("export-dialog-light");
  await window.theme("dark");
  await window.picture("export-dialog-dark");
  await window.theme("light");
  await exportAs(window, "html");
  await window.picture("export-done-light");
  assert.deepEqual(readdirSync(out), ["Ana_Souza _i_.html"], "one whole file, and nothing beside it");

  // The window itself is the second reader of the page.
  const page = readFileSync(join(out, "Ana_Souza _i_.html"), "utf8");
  const read = await window.run(
    `const page = new DOMParser().parseFromString(arguments[0], "text/html");
     return {
       texts: [...page.querySelectorAll(".said")].map((said) => said.textContent),
       scripts: page.querySelectorAll("script, iframe, object, embed").length,
       handlers: [...page.querySelectorAll("*")].flatMap((each) => each.getAttributeNames()).filter((name) => name.startsWith("on")),
       links: [...new Set([...page.querySelectorAll(".said a")].map((link) => link.getAttribute("href")))],
       title: page.title,
     };`,
    page,
  );
  assert.deepEqual(read.texts, Array.from({ length: 40 }, (_, number) => said[number % said.length]));
  assert.equal(read.scripts, 0, "nothing in it can run");
  assert.deepEqual(read.handlers, []);
  assert.deepEqual(read.links, ["https://example.org/?a=1&b=2"]);
  assert.equal(read.title, ana.name);

  await window.click("export-dismiss");
  await window.gone("export-bar");
  await window.click("rail-settings");
  await window.click("export-all");
  await exportAs(window, "csv");
  const table = readFileSync(join(out, "Threadkeep.csv"), "utf8");
  assert.ok(table.startsWith("\uFEFFaccount,"), "spreadsheets know what it is");
  assert.equal(table.match(/,"'=1\+1",/g)?.length, 20, "no cell is a formula");
  assert.equal(table.trimEnd().split("\r\n").length, 81);

  // It says so on every page until it is closed.
  await window.click("rail-chats");
  assert.match(await window.text("export-done"), /80/);
});

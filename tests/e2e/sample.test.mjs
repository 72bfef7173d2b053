// Gil looks around in the sample archive, and throws it away.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

/** Brings everything on the page into view, one after the other, and says how far the window itself was scrolled. */
const bringIntoView = `
  for (const element of document.querySelectorAll("main *")) element.scrollIntoView({ block: "start" });
  return document.scrollingElement.scrollTop + document.body.scrollTop + document.querySelector("#root").scrollTop;
`;

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

test("the sample archive is pulled, read, and removed with one click", { timeout: 300_000 }, async (t) => {
  const home = join(temporaryFolder(t), "home");
  const window = await openWindow(home);
  t.after(() => window.close().catch(() => {}));

  await window.click("door-sample");
  await window.find("sample-bar");
  await window.until("the chats come by themselves", async () => (await window.all("chat-row")).length, (count) => count > 5);
  await window.click("rail-sync");
  await window.until("the messages come", async () => number(await window.text("stats-messages")), (count) => count > 15_000);
  await window.gone("sync-cancel");
  await window.size(900, 420);
  assert.equal(await window.run(bringIntoView), 0, "the page scrolls; the rail stays where it is");
  await window.run("document.querySelector('main').scrollTop = 0");
  await window.size(1320, 860);
  await window.picture("sample-sync-light");
  await window.theme("dark");
  await window.picture("sample-sync-dark");
  await window.theme("light");

  await window.click("rail-chats");
  const rows = await window.until("chats are listed", () => window.all("chat-row"), (found) => found.length > 5);
  await rows[0].click();
  await window.until("messages are shown", async () => (await window.all("message")).length, (count) => count > 3);
  await window.picture("sample-chats-light");
  await window.theme("dark");
  await window.picture("sample-chats-dark");
  await window.theme("light");
  await window.size(420, 860);
  await window.picture("sample-reader-narrow");
  await window.size(1320, 860);

  await window.click("sample-remove");
  await window.find("welcome");
  await window.gone("sample-bar");
  assert.equal((await window.all("chat-row")).length, 0, "nothing of it is left");
});

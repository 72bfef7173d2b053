// Gil looks up a person in the sample archive, goes from them to a group that they share, sees who is in it and
// what pictures it has, and from a picture to its message.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

const key = { enter: "\uE007", escape: "\uE00C", down: "\uE015" };

const number = (text) => Number(text.replaceAll(/[^\d]/g, ""));

async function pictures(window, name) {
  await window.picture(`${name}-light`);
  await window.theme("dark");
  await window.picture(`${name}-dark`);
  await window.theme("light");
}

test("from a person to a shared group, its details, its pictures, and a message", { timeout: 300_000 }, async (t) => {
  const window = await openWindow(join(temporaryFolder(t), "home"));
  t.after(() => window.close().catch(() => {}));
  await window.click("door-sample");
  await window.click("rail-sync");
  await window.until("the messages come", async () => number(await window.text("stats-messages")), (count) => count > 15_000);
  await window.gone("sync-cancel");

  // By the keys alone: to the list, down it, and into a person.
  await window.click("rail-contacts");
  const people = await window.until("people are listed", () => window.all("contact-row"), (rows) => rows.length > 5);
  const second = await people[1].getText();
  await (await window.find("contact-filter")).sendKeys(key.down);
  await (await window.find("contact-list")).sendKeys(key.down, key.enter);
  const title = `return document.querySelector("[data-testid=person] h1")?.textContent ?? ""`;
  const name = await window.until("their page opens", () => window.run(title), (text) => text !== "");
  assert.ok(second.startsWith(name), `the second of the list: ${second} is ${name}`);
  await pictures(window, "contacts");
  await window.size(420, 860);
  await window.picture("contacts-person-narrow");
  await window.size(1320, 860);

  // Somebody with a group: the first in the list who has one.
  let group = null;
  for (let index = 0; group === null; index++) {
    const rows = await window.all("contact-row");
    assert.ok(index < rows.length, "somebody in the sample shares a group");
    const words = await rows[index].getText();
    await rows[index].click();
    await window.until("it is their page", () => window.run(title), (text) => text !== "" && words.startsWith(text));
    [group = null] = await window.all("shared-group");
  }
  // Its name is read and it is opened in one step: the list may be drawn anew in between.
  const named = await window.run(`
    const group = document.querySelector("[data-testid=shared-group]");
    group.click();
    return group.querySelector("bdi").textContent;
  `);
  const heading = `return document.querySelector("main header h1")?.textContent ?? ""`;
  await window.until("the group opens", () => window.run(heading), (text) => text === named);

  await window.click("details-open");
  await window.until("its people are listed", async () => (await window.all("member")).length, (count) => count > 1);
  await pictures(window, "details-about");

  await window.click("details-media");
  const tiles = await window.until("its pictures are found", () => window.all("gallery-tile"), (found) => found.length > 0);
  await pictures(window, "details-media");
  // One that is in view: what has to be scrolled to may move as its row gets its height.
  const tile = tiles[Math.min(5, tiles.length - 1)];
  const id = await tile.getAttribute("data-message-id");
  await tile.click();
  const shown = `
    const message = document.querySelector('[data-testid="message"].marked');
    const pane = document.querySelector('[data-testid="reader"]')?.getBoundingClientRect();
    const place = message?.getBoundingClientRect();
    return Boolean(place && pane && place.top < pane.bottom && place.bottom > pane.top);
  `;
  await window.until(`the message ${id} is marked in its chat`, () => window.run(shown), (seen) => seen === true);
  await window.find("details");
  for (const tab of ["links", "documents", "audio"]) {
    await window.click(`details-${tab}`);
    await window.find("gallery");
  }

  await window.size(420, 860);
  await window.picture("details-narrow");
  await (await window.find("details-close")).click();
  await window.gone("details");
});

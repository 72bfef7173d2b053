// The checklist of the conversation list.

import { expect, test } from "@playwright/test";
import { focused, open } from "./support/open.mjs";

const row = (page, name) => page.getByTestId("chat-row").filter({ has: page.getByText(name, { exact: true }) });

test("the chats are listed, and one opens beside them", async ({ page }) => {
  await open(page);
  const rows = page.getByTestId("chat-row");
  await expect(rows.first()).toContainText("Lisbon flat");
  await rows.nth(1).click();
  await expect(page.getByTestId("message").last()).toBeVisible();
  await expect(page.locator("main h1")).toHaveText("Ana Souza");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
});

test("the edge of the list is dragged, or moved by the arrows, and stays where it was put", async ({ page }) => {
  await open(page, { path: "/chats/1" });
  const edge = page.getByTestId("list-edge");
  const width = () => page.locator("[data-pane=list]").evaluate((list) => Math.round(list.getBoundingClientRect().width));
  expect(await width()).toBe(332);
  const at = await edge.boundingBox();
  await page.mouse.move(at.x + at.width / 2, 400);
  await page.mouse.down();
  await page.mouse.move(at.x + at.width / 2 + 60, 400, { steps: 3 });
  await page.mouse.up();
  expect(await width()).toBe(392);
  await edge.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(width).toBe(376);
  await page.reload();
  await expect(page.getByTestId("chat-row").first()).toBeVisible();
  expect(await width()).toBe(376);
  await edge.dblclick();
  await expect.poll(width).toBe(332);
});

test("in a narrow window the list and the chat take turns", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page);
  await page.getByTestId("chat-row").first().click();
  await expect(page.getByTestId("message").last()).toBeVisible();
  await expect(page.getByTestId("chat-list")).toBeHidden();
  await page.getByRole("link", { name: "Back to the chats" }).click();
  await expect(page.getByTestId("chat-list")).toBeVisible();
});

test("pinned chats stand apart at the top; archived ones lie in a folder", async ({ page }) => {
  await open(page);
  const list = page.getByTestId("chat-list");
  await expect(list.locator(".chat-heading")).toHaveText(["Pinned", "All chats"]);
  await expect(row(page, "Old flat")).toHaveCount(0);
  await expect(page.getByTestId("archive-open")).toContainText("1");
  await page.getByTestId("archive-open").click();
  await expect(page.getByTestId("chat-row")).toHaveCount(1);
  await expect(row(page, "Old flat")).toBeVisible();
  await page.getByTestId("archive-leave").click();
  await expect(row(page, "Lisbon flat")).toBeVisible();
});

test("a row says what it shows: name, unread, last message, time, marks", async ({ page }) => {
  await open(page);
  const climbing = row(page, "Climbing, Thursdays");
  await expect(climbing.getByTestId("unread-count")).toHaveText("37");
  await expect(climbing.getByTestId("mark-muted")).toBeVisible();
  await expect(climbing).toHaveAccessibleName(/^Climbing, Thursdays, 37 unread, last message .+: .+, .+, Muted$/);
  await expect(climbing).toContainText(/Fatima: |Ana Souza: |João: |Chloé Ménard: |田中 健: |You: /);
  // Today the hour; this week the day; else the date.
  const times = await page.getByTestId("chat-row").locator("time").allTextContents();
  expect(times[0]).toMatch(/^\d\d:\d\d$/);
  expect(times).toContainEqual(expect.stringMatching(/day$/));
  await page.getByTestId("chat-list").press("End");
  await expect(page.getByTestId("chat-row").locator("time").filter({ hasText: /^\d+ [A-Z]/ }).first()).toBeVisible();
});

test("filters by kind and by account are remembered", async ({ page }) => {
  await open(page, { two: "" });
  await expect(page.getByTestId("account-badge").first()).toBeVisible();
  await page.getByTestId("chats-unread").click();
  await expect(page.getByTestId("chat-row")).toHaveCount(3);
  await page.getByTestId("chats-groups").click();
  await expect(row(page, "Book club")).toBeVisible();
  await expect(row(page, "Mum")).toHaveCount(0);
  await page.getByTestId("chats-account").selectOption({ index: 2 });
  const shown = () => page.getByTestId("account-badge").evaluateAll((all) => [...new Set(all.map((each) => each.dataset.account))]);
  await expect.poll(shown).toEqual(["3"]);
  await page.reload();
  await expect(page.getByTestId("chats-groups")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(shown).toEqual(["3"]);
  await page.getByTestId("chats-account").selectOption({ index: 0 });
  await page.getByTestId("chats-all").click();
  await expect(row(page, "Mum")).toBeVisible();
});

test("a name finds its chat, archived or not", async ({ page }) => {
  await open(page);
  await page.getByTestId("chat-filter").fill("flat");
  await expect(row(page, "Old flat")).toBeVisible();
  await expect(row(page, "Lisbon flat")).toBeVisible();
  await expect(page.getByTestId("chat-row")).toHaveCount(2);
  await page.getByTestId("chat-filter").fill("qwertz");
  await expect(page.getByText("No chat is called “qwertz”.")).toBeVisible();
  await page.getByTestId("chat-filter").press("Escape");
  await expect(row(page, "Mum")).toBeVisible();
});

test("what comes does not move the rows under the pointer", async ({ page }) => {
  await open(page);
  const order = () => page.getByTestId("chat-row").getByTestId("chat-name").allTextContents();
  const before = await order();
  await row(page, "Mum").hover();
  await page.evaluate(() => window.mock.arrive("8", "I am late"));
  await expect(row(page, "João")).toContainText("I am late");
  expect(await order(), "its row says it, and stays").toEqual(before);
  await page.mouse.move(900, 400);
  await expect.poll(async () => (await order()).indexOf("João")).toBe(1);
});

test("a chat's menu, by pointer and by keys, chooses for this computer", async ({ page }) => {
  await open(page);
  await row(page, "Mum").click({ button: "right" });
  await expect(page.getByTestId("chat-menu")).toContainText("On this computer only");
  await page.getByTestId("chat-pin").click();
  await expect(row(page, "Mum").getByTestId("mark-pin")).toBeVisible();
  await expect(page.getByRole("status")).toContainText("Pinned on this computer");

  // The keys: to the list, to the chat, its menu, down to the end of it.
  const list = page.getByTestId("chat-list");
  await list.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+F10");
  await expect(page.getByTestId("chat-menu")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("chat-read")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row(page, "Lisbon flat").getByTestId("unread-count")).toHaveCount(0);
  expect(await focused(page), "the keys go on in the list").toBe("chat-list");

  await page.keyboard.press("ControlOrMeta+Shift+A");
  await expect(row(page, "Lisbon flat")).toHaveCount(0);
  await expect(page.getByTestId("archive-open")).toContainText("2");
  await page.getByTestId("archive-open").click();
  await row(page, "Lisbon flat").click();
  await page.keyboard.press("ControlOrMeta+Shift+U");
  await expect(row(page, "Lisbon flat")).toHaveCount(0);
  await page.getByTestId("archive-leave").click();
  await expect(row(page, "Lisbon flat")).toBeVisible();
});

test("ten thousand chats scroll without a hole, and End goes to the last", async ({ page }) => {
  await open(page, { state: "many" });
  // In each frame the rows cover the list from its top to its bottom.
  const holes = await page.getByTestId("chat-list").evaluate(async (list) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let holes = 0;
    for (let step = 0; step < 240; step++) {
      list.scrollTop += 400;
      await frame();
      await frame();
      const { top, bottom } = list.getBoundingClientRect();
      const rows = [...list.querySelectorAll("[data-testid=chat-row]")]
        .map((each) => each.getBoundingClientRect())
        .filter((each) => each.bottom > top && each.top < bottom)
        .sort((a, b) => a.top - b.top);
      const covered = rows.reduce((end, each) => (each.top <= end + 1 ? each.bottom : end), top);
      if (covered < bottom - 16) holes++;
    }
    return holes;
  });
  expect(holes).toBe(0);
  await page.getByTestId("chat-list").focus();
  await page.keyboard.press("End");
  const last = page.locator("[data-testid=chat-row][aria-posinset='9999']");
  await expect(last).toBeVisible();
  await expect(last).toHaveAttribute("data-active", "true");
});

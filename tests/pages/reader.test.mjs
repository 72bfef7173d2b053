// An open chat: where one stands in it, and how one moves.
import { expect, test } from "@playwright/test";
import { focused, open } from "./support/open.mjs";

/** Opens a chat of the played archive and waits until it can be seen. */
async function openChat(page, path = "/chats/1", query = {}) {
  await open(page, { path, ...query });
  const pane = page.getByTestId("reader");
  await expect(pane).not.toHaveClass(/settling/);
  return pane;
}

/** Scrolls once nothing moves any more, and waits until nothing does again: a list that is measured goes where it was sent. */
async function scrollBy(pane, by) {
  await pane.evaluate(async (element, distance) => {
    const rest = async () => {
      for (let still = 0, before = -1; still < 20; ) {
        await new Promise(requestAnimationFrame);
        const now = element.scrollTop + element.scrollHeight;
        still = now === before ? still + 1 : 0;
        before = now;
      }
    };
    await rest();
    element.scrollTop += distance;
    await rest();
  }, by);
}

/** The first message in view and how far its top is from the pane's. */
const firstInView = (pane) =>
  pane.evaluate((element) => {
    const top = element.getBoundingClientRect().top;
    const rows = [...element.querySelectorAll("[data-row]")];
    const row = rows.find((each) => each.getBoundingClientRect().bottom > top);
    return { id: row.dataset.row, top: row.getBoundingClientRect().top - top };
  });

/** From now on pages of messages come when `release` is called. */
async function holdPages(page) {
  await page.evaluate(() => {
    const core = window.__TAURI_INTERNALS__;
    const { invoke } = core;
    let release;
    const gate = new Promise((resolve) => {
      release = resolve;
    });
    window.release = release;
    core.invoke = (command, ...rest) =>
      command === "message_list" ? gate.then(() => invoke(command, ...rest)) : invoke(command, ...rest);
  });
}

test("earlier messages that come move nothing that is on the screen", async ({ page }) => {
  const pane = await openChat(page);
  for (let round = 0; round < 4; round++) {
    await holdPages(page);
    // To where earlier messages are asked for, and not to where the list ends.
    const to = await pane.evaluate((element) => 900 - element.scrollTop);
    await scrollBy(pane, to);
    const moved = await pane.evaluate(async (element) => {
      const frame = () => new Promise(requestAnimationFrame);
      const top = element.getBoundingClientRect().top;
      const anchor = [...element.querySelectorAll("[data-row]")].find(
        (row) => row.getBoundingClientRect().top > top + 100,
      );
      const place = () => anchor.getBoundingClientRect().top;
      const [before, height] = [place(), element.scrollHeight];
      window.release();
      let most = 0;
      for (let more = 40; more > 0; ) {
        await frame();
        if (!anchor.isConnected) return Number.POSITIVE_INFINITY;
        most = Math.max(most, Math.abs(place() - before));
        if (element.scrollHeight > height + 500) more -= 1;
      }
      return most;
    });
    expect(moved, `in round ${round}`).toBeLessThanOrEqual(1);
  }
});

test("a chat is left and found again where one stood", async ({ page }) => {
  const pane = await openChat(page);
  await scrollBy(pane, -2_500);
  const before = await firstInView(pane);
  await page.getByTestId("chat-row").nth(3).click();
  await expect(page.locator("main h1")).toHaveText("Mum");
  await page.getByTestId("chat-row").first().click();
  await expect(page.locator("main h1")).toHaveText("Lisbon flat");
  await expect(pane).not.toHaveClass(/settling/);
  await expect.poll(async () => (await firstInView(pane)).id).toBe(before.id);
  const after = await firstInView(pane);
  expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(1);
});

test("it opens at what is new, and counts what comes while one reads further up", async ({ page }) => {
  const pane = await openChat(page);
  await expect(pane.getByText("5 new messages")).toBeInViewport();
  await expect(page.getByTestId("jump-end"), "all that is new is in view").toHaveCount(0);
  await scrollBy(pane, -1_500);
  await page.evaluate(() => window.mock.arrive("1", "and one more"));
  const toEnd = page.getByRole("button", { name: "To the end, 1 new message" });
  await toEnd.click();
  await expect(pane.getByText("and one more")).toBeInViewport();
  await expect(page.getByTestId("jump-end")).toHaveCount(0);
});

test("the way to the end says how much of what is new lies below, and less the further one reads", async ({ page }) => {
  const pane = await openChat(page, "/chats/5");
  await expect(pane.getByText("37 new messages")).toBeInViewport();
  const below = async () => Number(await page.getByTestId("jump-end").innerText());
  const before = await below();
  expect(before, "what is in view is not counted").toBeLessThan(37);
  expect(before).toBeGreaterThan(5);
  await scrollBy(pane, 500);
  await expect.poll(below).toBeLessThan(before);
  await page.getByTestId("jump-end").click();
  await expect(page.getByTestId("jump-end")).toHaveCount(0);
});

test("the arrow keys go from message to message, and Escape back to all of them", async ({ page }) => {
  const pane = await openChat(page);
  await pane.focus();
  await page.keyboard.press("ArrowUp");
  const place = () =>
    page.evaluate(() => {
      const row = document.activeElement.closest("[data-row]");
      return Number(row?.dataset.row.split("-")[1] ?? -1);
    });
  const last = await place();
  for (let step = 1; step <= 40; step++) {
    await page.keyboard.press("ArrowUp");
    await expect.poll(place, `after ${step} steps up`).toBeLessThanOrEqual(last);
  }
  await expect.poll(place).toBeLessThan(last - 20);
  await expect(page.locator("[data-testid=message]:focus")).toBeInViewport();
  const up = await place();
  await page.keyboard.press("ArrowDown");
  await expect.poll(place).toBe(up + 1);
  // What has the focus stays where the keys go on from, however far one scrolls away.
  await pane.evaluate((element) => {
    element.scrollTop -= 4_000;
  });
  await page.keyboard.press("ArrowDown");
  await expect.poll(place).toBe(up + 2);
  await expect(page.locator("[data-testid=message]:focus")).toBeInViewport();
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe("reader");
});

test("a message has a menu by pointer and by keys, and details", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const pane = await openChat(page);
  const message = pane.getByTestId("message").last();
  await message.click({ button: "right", position: { x: 30, y: 20 } });
  await page.getByTestId("copy-with-sender").click();
  await expect(page.getByRole("status").getByText("Copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(await message.getByTestId("message-text").innerText());
  expect(copied).toMatch(/20\d\d.*:\n/);

  await pane.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+F10");
  await expect(page.getByTestId("message-menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("message-menu")).toHaveCount(0);
  await expect.poll(() => focused(page), "the menu gives the focus back").toBe("message");

  // A message with buttons in it gets the focus itself.
  const quoting = pane.getByTestId("message").filter({ has: page.locator("button") }).last();
  await quoting.click({ button: "right", position: { x: 8, y: 4 } });
  await expect(page.getByTestId("message-menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(quoting).toBeFocused();

  await page.keyboard.press("Control+d");
  const details = page.getByTestId("message-details");
  await expect(details).toContainText("On the server");
  await expect(details).toContainText((await quoting.getAttribute("data-external-id")) ?? "");
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(quoting, "and so do the details").toBeFocused();
});

test("what is selected over several messages is copied with who said it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const pane = await openChat(page);
  const words = await pane.evaluate((element) => {
    const texts = [...element.querySelectorAll("[data-testid=message-text]")].slice(-2);
    window.getSelection().setBaseAndExtent(texts[0], 0, texts[1], texts[1].childNodes.length);
    return texts.map((text) => text.innerText);
  });
  await pane.focus();
  await page.keyboard.press("Control+c");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain(words[1]);
  const [first, second] = (await copied()).split("\n\n");
  expect(first).toMatch(/, .+:\n/);
  expect(first).toContain(words[0]);
  expect(second).toMatch(/, .+:\n/);
});

test("the day at the top leads to any other on which something was said", async ({ page }) => {
  const pane = await openChat(page);
  await scrollBy(pane, -9_000);
  await pane.evaluate((element) => {
    element.scrollTop -= 60;
  });
  const pill = page.getByTestId("date-pill");
  await expect(pill).not.toHaveClass(/idle/);
  await pill.click();
  const calendar = page.getByTestId("calendar");
  await expect(calendar.locator("table")).toHaveAttribute("aria-busy", "false");
  await calendar.getByRole("button", { name: "Month before" }).click();
  await expect(calendar.locator("table")).toHaveAttribute("aria-busy", "false");
  const day = calendar.locator("[data-day]:not([aria-disabled=true])").nth(3);
  const name = await day.getAttribute("aria-label");
  await day.click();
  await expect(calendar).toHaveCount(0);
  const separator = pane.locator(`[data-testid=day][title^="${name}"]`);
  await expect(separator).toBeInViewport();
  const below = await separator.evaluate(
    (element) => element.getBoundingClientRect().top - element.closest("[data-testid=reader]").getBoundingClientRect().top,
  );
  expect(below, "the day begins at the top of the pane").toBeLessThan(80);
  await page.getByTestId("jump-end").click();
  await expect(page.getByTestId("jump-end")).toHaveCount(0);
});

test("a quote leads to its message, and back", async ({ page }) => {
  const pane = await openChat(page);
  await pane.evaluate(async (element) => {
    while (element.querySelector("button.quoted") === null) {
      element.scrollTop -= 400;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    element.querySelector("button.quoted").scrollIntoView({ block: "center" });
  });
  const quote = pane.locator("button.quoted").first();
  const row = await quote.evaluate((element) => element.closest("[data-row]").dataset.row);
  await quote.click();
  await expect(pane.locator(".marked")).toBeInViewport();
  await page.getByRole("button", { name: "Back to the answer" }).click();
  await expect(pane.locator(`[data-row="${row}"]`)).toBeInViewport();
  await expect(page.getByRole("button", { name: "Back to the answer" })).toHaveCount(0);
});

import { expect, test } from "@playwright/test";
import { focused, open } from "./support/open.mjs";

test("the keys alone lead from the filter to a person and to what they wrote", async ({ page }) => {
  await open(page, { path: "/contacts" });
  await page.getByTestId("contact-filter").fill("souza");
  await expect(page.getByTestId("contact-row")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe("contact-list");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Ana Souza" })).toBeVisible();
  await page.getByTestId("person-messages").click();
  await expect(page.getByTestId("search-field")).toHaveValue(/^from:\+4915110000002/);
});

test("in a narrow window the people and the person take turns, and nothing is cut", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await open(page, { path: "/contacts" });
  await page.getByTestId("contact-row").nth(1).click();
  await expect(page.getByTestId("contact-list")).toBeHidden();
  const wide = await page.getByTestId("person").evaluate((pane) => pane.scrollWidth > pane.clientWidth);
  expect(wide, "no sideways scrolling").toBe(false);
  await page.getByRole("link", { name: "Back to the contacts" }).click();
  await expect(page.getByTestId("contact-list")).toBeVisible();
});

test("details stand beside a wide chat and over a narrow one, and stay from chat to chat", async ({ page }) => {
  await open(page, { path: "/chats/1" });
  await page.getByTestId("details-open").click();
  await expect(page.getByTestId("member").first()).toBeVisible();
  await expect(page.getByTestId("reader")).toBeVisible();
  expect(await focused(page), "who opened it goes on in it").toBe("h2");
  await page.getByTestId("chat-row").nth(1).click();
  await expect(page.getByTestId("details")).toContainText("ana ✨");
  await page.getByTestId("details-close").click();
  await expect(page.getByTestId("details")).toHaveCount(0);
  expect(await focused(page)).toBe("details-open");
});

test("a gallery goes back page by page, and a picture leads to its message", async ({ page }) => {
  await open(page, { path: "/chats/1" });
  await page.getByTestId("details-open").click();
  await page.getByTestId("details-media").click();
  const tiles = page.getByTestId("gallery-tile");
  await expect(tiles.first()).toBeVisible();
  await expect(page.getByTestId("gallery-count")).toContainText("132");
  // To the end, over three pages.
  await tiles.first().hover();
  await expect(async () => {
    await page.mouse.wheel(0, 4_000);
    const ids = await tiles.evaluateAll((all) => all.map((tile) => Number(tile.dataset.messageId.split("-")[1])));
    expect(Math.min(...ids)).toBeLessThan(60);
  }).toPass();
  await page.getByTestId("details-links").click();
  await page.getByTestId("gallery-show").nth(2).click();
  await expect(page.locator("[data-testid=message].marked")).toBeVisible();
  await expect(page.getByTestId("details")).toBeVisible();
});

test("the hits by chat are walked through, and lead back to where they were left", async ({ page }) => {
  await open(page, { path: "/search" });
  await page.getByTestId("search-field").fill("kitchen");
  await page.getByTestId("search-chats").click();
  await expect(page.getByTestId("hit-group").first()).toContainText("messages");
  await page.getByTestId("search-field").focus();
  for (let step = 0; step < 7; step++) await page.keyboard.press("ArrowDown");
  const active = await page.getByTestId("search-field").getAttribute("aria-activedescendant");
  await expect(page.locator(`#${active}`)).toBeInViewport();
  const scrolled = await page.getByTestId("search-scroller").evaluate((pane) => pane.scrollTop);
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-testid=message].marked")).toBeVisible();
  await page.getByTestId("back-to-hits").click();
  await expect(page.getByTestId("search-field")).toHaveAttribute("aria-activedescendant", active);
  await expect(page.locator(`#${active}`)).toBeInViewport();
  await expect
    .poll(() => page.getByTestId("search-scroller").evaluate((pane) => pane.scrollTop))
    .toBeCloseTo(scrolled, -1);
});

import { expect, test } from "@playwright/test";
import { open } from "./support/open.mjs";

test("the chats are listed, and one opens beside them", async ({ page }) => {
  await open(page);
  const rows = page.getByTestId("chat-row");
  await expect(rows.first()).toContainText("Lisbon flat");
  await rows.nth(1).click();
  await expect(page.getByTestId("message").last()).toBeVisible();
  await expect(page.locator("main h1")).toHaveText("Ana Souza");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
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

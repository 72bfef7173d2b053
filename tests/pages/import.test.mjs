import { expect, test } from "@playwright/test";
import { isAccessible } from "./support/axe.mjs";
import { focused, open } from "./support/open.mjs";

const look = async (page, query = {}) => {
  await open(page, { path: "/import", ...query });
  await page.getByTestId("import-files").click();
  await expect(page.getByTestId("import-files-card")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
};

for (const theme of ["light", "dark"]) {
  for (const [kind, query] of Object.entries({
    "a chat": {},
    "a whole backup": { import: "backup" },
    "a locked one": { import: "locked" },
    "several platforms": { import: "two" },
    "one that cannot be read": { import: "broken" },
    "hostile names": { state: "hostile" },
  })) {
    test(`axe finds nothing before an import of ${kind}, ${theme}`, async ({ page }) => {
      await look(page, { ...query, theme });
      await isAccessible(page, kind);
    });
  }
}

test("a text of a name that nobody here has is given to a chat by the keys alone", async ({ page }) => {
  await look(page, { import: "stranger" });
  await page.getByTestId("choice-own").focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("import-chat-option").first()).toBeVisible();
  await isAccessible(page, "the choice of a chat");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("import-chat-name");
  await page.keyboard.type("mum");
  await expect(page.getByTestId("import-chat-option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("import-chat-chosen")).toContainText("Mum");
  await expect(page.getByTestId("import-known")).toBeVisible();
  await isAccessible(page, "the chosen chat");
});

test("by the keys alone: choose, say who one is, import, and read", async ({ page }) => {
  await open(page, { path: "/import", pace: "20" });
  const press = async (id, key = "Enter") => {
    await page.getByTestId(id).focus();
    expect(await focused(page)).toBe(id);
    await page.keyboard.press(key);
  };
  await press("import-files");
  await expect(page.getByTestId("import-start")).toBeDisabled();
  await press("choice-Kim", "Space");
  await expect(page.getByTestId("import-start")).toBeEnabled();
  await press("import-start");
  await expect(page.getByTestId("import-done")).toContainText("imported");
});

test("nothing is cut off at 320 px, however names are written", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const query of [{ state: "hostile" }, { state: "hostile", import: "whatsapp" }, { import: "locked" }]) {
    await look(page, query);
    const wide = await page.locator("main *").evaluateAll((all) =>
      all.filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".sr-only")).map((each) => each.className),
    );
    expect(wide).toEqual([]);
  }
});

test("files that are dropped anywhere are looked at on their page", async ({ page }) => {
  await open(page, { path: "/chats/1" });
  await page.evaluate(() => window.mock.files.over(true));
  await expect(page.getByTestId("drop-target")).toBeVisible();
  await page.evaluate(() => window.mock.files.over(false));
  await expect(page.getByTestId("drop-target")).toHaveCount(0);
  await page.evaluate(() => window.mock.files.drop());
  await expect(page.getByTestId("import-content")).toBeVisible();
});

test("a running import stays in sight of whoever comes back to it", async ({ page }) => {
  await look(page, { import: "backup", pace: "0.3" });
  await page.getByTestId("import-start").click();
  await expect(page.getByTestId("import-progress")).toBeVisible();
  await page.getByTestId("rail-chats").click();
  await expect(page.getByTestId("chat-row").first()).toBeVisible();
  await page.getByTestId("rail-sync").click();
  await page.getByTestId("open-import").click();
  await page.getByTestId("import-cancel").click();
  await expect(page.getByTestId("import-done")).toContainText("stopped");
});

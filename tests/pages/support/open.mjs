import { expect } from "@playwright/test";

/** Every page of the window, by its name; to be read in one sitting by what looks at all of them. */
export const SCREENS = {
  welcome: { state: "first" },
  chats: {},
  "chats, none": { state: "empty" },
  chat: { path: "/chats/1" },
  search: { path: "/search" },
  contacts: { path: "/contacts/2" },
  sync: { path: "/sync" },
  import: { path: "/import" },
  keep: { path: "/sync/keep/1" },
  settings: { path: "/settings" },
};

/**
 * Opens a page of the mock build. `state` and the other words of the query choose what the core plays, see
 * ui/src/dev/mock.ts; `theme` is what the person chose, else the browser's.
 */
export async function open(page, { path = "/chats", theme, ...query } = {}) {
  if (theme !== undefined) {
    await page.addInitScript((name) => localStorage.setItem("threadkeep.theme", name), theme);
  }
  await page.goto(`/?${new URLSearchParams(query)}#${path}`);
  // The queries of a page are answered before it is looked at.
  await expect(page.locator("main, nav").filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** What has the focus: its test id, else its tag. */
export function focused(page) {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.dataset.testid ?? activeElement?.tagName.toLowerCase() ?? "";
  });
}

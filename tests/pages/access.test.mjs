// Every screen for those who hear it, enlarge it, or use no pointer.

import { expect, test } from "@playwright/test";
import { isAccessible } from "./support/axe.mjs";
import { focused, open, SCREENS } from "./support/open.mjs";

for (const theme of ["light", "dark"]) {
  for (const [name, how] of Object.entries(SCREENS)) {
    test(`axe finds nothing: ${name}, ${theme}`, async ({ page }) => {
      await open(page, { ...how, theme });
      await isAccessible(page, name);
    });
  }

  test(`axe finds nothing: what opens over the page, ${theme}`, async ({ page }) => {
    await open(page, { theme });
    await page.keyboard.press("ControlOrMeta+/");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await isAccessible(page, "the sheet of shortcuts");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+K");
    await expect(page.getByTestId("choice-chat").first()).toBeVisible();
    await isAccessible(page, "the switcher");
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("switcher")).toHaveCount(0);
    await page.getByTestId("chat-row").first().click({ button: "right" });
    await expect(page.getByTestId("chat-menu")).toBeVisible();
    await isAccessible(page, "a chat's menu");
  });
}

test("axe finds nothing with forced colours, and in a narrow window", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  for (const width of [1320, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [name, how] of Object.entries(SCREENS)) {
      await open(page, how);
      await isAccessible(page, `${name}, ${width} wide`);
    }
  }
});

/** What is wider than the window, so that it would have to be scrolled sideways. */
const wider = () => {
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const cut = [...document.querySelectorAll("main *, nav *, section *")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width === 0 || element.closest(".sr-only, [aria-hidden=true], .message, table, select")) return false;
    for (let above = element.parentElement; above; above = above.parentElement) if (scrolls(above)) return false;
    return right > innerWidth + 1 || left < -1;
  });
  return cut.map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`);
};

for (const [name, how] of Object.entries(SCREENS)) {
  test(`nothing is cut off at 320 px and at 200 %: ${name}`, async ({ page }) => {
    for (const [width, height] of [
      [320, 640],
      // What is left of 1320 × 860 at 200 %.
      [660, 430],
    ]) {
      await page.setViewportSize({ width, height });
      await open(page, how);
      expect(await page.evaluate(wider), `${width} wide`).toEqual([]);
      const sideways = () => [...document.querySelectorAll("main, section, nav")].filter((each) => each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX)).map((each) => each.className);
      expect(await page.evaluate(sideways), `nothing scrolls sideways, ${width} wide`).toEqual([]);
    }
  });
}

test("who wants no motion sees none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, { path: "/sync", state: "untold", pace: "0.2" });
  await page.keyboard.press("F5");
  await expect(page.getByRole("progressbar").first()).toBeVisible();
  const moving = () => document.getAnimations().filter((each) => (each.effect?.getComputedTiming().activeDuration ?? 0) > 20).length;
  expect(await page.evaluate(moving)).toBe(0);
});

test("a sync of everything is not read out loud", async ({ page }) => {
  await open(page, { path: "/chats", pace: "0.5" });
  await page.evaluate(() => {
    window.said = [];
    const note = (region) => region.textContent?.trim() && window.said.push(region.textContent.trim());
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest("[aria-live=assertive], [aria-live=polite], [role=alert], [role=status], [role=log]");
        if (region) note(region);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.getByTestId("chat-row").first().click();
  await page.keyboard.press("F5");
  await expect(page.getByTestId("sync-cancel")).toBeVisible();
  await page.getByTestId("rail-chats").click();
  for (let count = 0; count < 20; count++) await page.evaluate((n) => window.mock.arrive("1", `news ${n}`), count);
  await expect(page.getByTestId("chat-row").first()).toContainText("news 19");
  const said = await page.evaluate(() => [...new Set(window.said)]);
  expect(said.filter((words) => words.includes("news")), "no message is announced").toEqual([]);
  expect(said.length, "and the sync has little to say").toBeLessThan(6);
});

test("everything that has the focus shows it", async ({ page }) => {
  await open(page, { path: "/chats/1" });
  const seen = new Set();
  for (let step = 0; step < 25; step++) {
    await page.keyboard.press("Tab");
    const mark = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const styles = [element, ...element.querySelectorAll("[data-active]"), element.parentElement].map((each) => getComputedStyle(each));
      const shows = styles.some(
        (style) => (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
      ) || element.matches("[data-testid=chat-filter]");
      return { name: element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 30) ?? "", shows };
    });
    if (mark === null) continue;
    seen.add(mark.name);
    expect(mark.shows, `focus on ${mark.name}`).toBe(true);
  }
  expect(seen.size).toBeGreaterThan(8);
});

test("by the keys alone: a chat, the reader, a search, a hit, back, the settings", async ({ page }) => {
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const has = (id) => expect.poll(() => focused(page)).toBe(id);
  await open(page);

  // The first stop is the way past everything; F6 goes from part to part.
  await press("Tab");
  await has("skip");
  await press("F6", "F6");
  await has("chat-list");
  await press("ArrowDown", "Enter");
  await expect(page.locator("main h1")).toHaveText("Ana Souza");
  await press("F6");
  await has("reader");
  await press("Shift+F6");
  await has("chat-list");

  await press("Alt+ArrowDown");
  await expect(page.locator("main h1")).not.toHaveText("Ana Souza");
  await press("Alt+ArrowUp", "Control+PageUp");
  await expect(page.locator("main h1")).toHaveText("Lisbon flat");
  await press("Alt+Shift+ArrowDown");
  await expect(page.locator("main h1")).toHaveText("Ana Souza");
  await press("ControlOrMeta+1");
  await expect(page.locator("main h1")).toHaveText("Lisbon flat");

  await press("ControlOrMeta+F");
  await has("search-field");
  await page.keyboard.type("saturday");
  await expect(page.getByTestId("hit").first()).toBeVisible();
  await press("ArrowDown", "Enter");
  await has("reader");
  await expect(page.getByTestId("message").locator("mark").first()).toBeVisible();
  await press("Escape");
  await has("search-field");
  await expect(page.getByTestId("search-field")).toHaveValue("saturday");

  await press("ControlOrMeta+,");
  await expect(page.locator("main h1")).toHaveText("Settings");
  await press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await press("Escape");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toHaveCount(0);
  await press("F5");
  await expect(page.locator("main h1")).toHaveText("Sync");
});

test("every shortcut of the sheet does something, or has nothing to do it to", async ({ page }) => {
  await open(page, { path: "/chats/2" });
  await expect(page.getByTestId("message").last()).toBeVisible();
  await page.keyboard.press("ControlOrMeta+/");
  const ids = await page.locator("[data-testid^=shortcut-]:not([data-testid=shortcut-sheet]), dl > div").evaluateAll((all) =>
    all.map((each) => each.dataset.testid?.replace("shortcut-", "")),
  );
  expect(ids.length).toBeGreaterThan(20);
  // With a chat open, each has somebody who does it.
  const idle = await page.evaluate((all) => all.filter((id) => !window.mock.doers(id)), [...new Set(ids)]);
  expect(idle).toEqual([]);
});

import { expect } from "@playwright/test";
import { apart, look, path } from "../../axe.mjs";

/** Everything that axe looks for. What is behind a dialog is not looked at. */
export async function isAccessible(page, what) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))));
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path });
  const found = await page.evaluate(look, { apart });
  expect(found.join("\n"), `axe finds nothing on ${what}`).toBe("");
}

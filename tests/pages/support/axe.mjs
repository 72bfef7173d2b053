import { createRequire } from "node:module";
import { expect } from "@playwright/test";

const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Everything that axe looks for, also what it only advises. What is behind a dialog is not looked at. */
export async function isAccessible(page, what) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))));
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path });
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(" ")}  ${node.html.slice(0, 160)}  ${node.any[0]?.message ?? ""}`).join("\n")}`,
    );
  });
  expect(found.join("\n"), `axe finds nothing on ${what}`).toBe("");
}

// axe, as both kinds of windows are looked at by it: everything that it looks for, also what it only advises.

import { createRequire } from "node:module";

/** Its script, to be put into a page. */
export const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What it passes over, each a list of elements by a selector, and nothing else than these:
 * - The marks around an open menu that send the focus on as soon as they get it. They must take the focus and must
 *   not be read out, which axe cannot tell from a button that was hidden by mistake; they are empty, which is looked at.
 * - The frame through which the window speaks to the app. It shows nothing, and no script of ours may enter it.
 */
export const apart = ["[data-base-ui-focus-guard]", "iframe#__tauri_isolation__"];

/** To be run in the page: what axe finds there, as sentences. With `rules`, only these are asked. */
export async function look({ apart, rules }) {
  const bare = [...document.querySelectorAll(apart[0])].every((mark) => mark.childNodes.length === 0 && mark.ariaLabel === null);
  if (!bare) return ["a mark that sends the focus on holds something, and is passed over"];
  const { violations } = await window.axe.run(
    { exclude: apart.map((selector) => [selector]) },
    { resultTypes: ["violations"], iframes: false, ...(rules && { runOnly: { type: "rule", values: rules } }) },
  );
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.map((node) => `    ${node.target.join(" ")}  ${node.html.slice(0, 160)}  ${node.any[0]?.message ?? ""}`);
    return [`${id}: ${help}`, ...where].join("\n");
  });
}

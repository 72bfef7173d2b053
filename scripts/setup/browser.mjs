// A browser for the tests of the pages: the system's own. Playwright would download one, of which nobody
// can say where it comes from on a machine without that network.

import { which } from "../run.mjs";
import { dim, say } from "../terminal.mjs";
import { forPages, installPackages, offers } from "./debian.mjs";

const names = ["chromium", "google-chrome", "chromium-browser"];

/** Where the browser lies; installed first where Debian has it, null where there is none. */
export async function findBrowser() {
  const found = lookFor();
  if (found !== null || process.platform !== "linux" || !offers("chromium")) return found;
  say(dim("A browser is missing; Debian has one."));
  await installPackages(forPages);
  return lookFor();
}

function lookFor() {
  return process.env.PAGES_BROWSER || (names.map(which).find(Boolean) ?? null);
}

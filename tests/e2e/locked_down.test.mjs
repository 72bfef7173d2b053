// Whatever ran in the window by mistake could do nothing there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./support/folder.mjs";
import { openWindow } from "./support/window.mjs";

test("the window runs its own script, shows its own styles, and asks for its own commands", {
  timeout: 120_000,
}, async (t) => {
  const window = await openWindow(join(temporaryFolder(t), "home"));
  t.after(() => window.close().catch(() => {}));
  await window.find("welcome");

  const script = `
    const element = document.createElement("script");
    element.textContent = "window.__ran = true";
    document.head.append(element);
    return window.__ran ?? false;
  `;
  assert.equal(await window.run(script), false, "no script that was written into the page runs");

  const style = `
    const element = document.createElement("style");
    element.textContent = "body { outline: 7px solid red }";
    document.head.append(element);
    return getComputedStyle(document.body).outlineWidth;
  `;
  assert.notEqual(await window.run(style), "7px", "nor does a style");

  const evaluated = 'try { return Boolean((0, eval)("true")) } catch { return "refused" }';
  assert.equal(await window.run(evaluated), "refused", "no text becomes a program");

  assert.equal(await window.run("return Object.isFrozen(Object.prototype)"), true, "prototypes are frozen");
  assert.equal(await window.run("return typeof window.__TAURI__"), "undefined", "no door stands open");

  const asked = `
    const done = arguments[arguments.length - 1];
    const answer = window.__TAURI_INTERNALS__.invoke(arguments[0]).then(() => "done", () => "refused");
    const silence = new Promise((resolve) => setTimeout(resolve, 1500, "refused"));
    Promise.race([answer, silence]).then(done);
  `;
  const ask = (command) => window.driver.executeAsyncScript(asked, command);
  assert.equal(await ask("stats_read"), "done", "its own commands work");
  for (const command of ["plugin:window|close", "plugin:app|version", "plugin:opener|open_url"]) {
    assert.equal(await ask(command), "refused", `${command} is not for the window`);
  }
});

// Inside the screen and the session bus that bench/window.mjs made: opens the window on a home that holds one chat, and
// ends with a line of JSON. `node bench/scene.mjs HOME MESSAGES TIMES`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDriver } from "../scripts/e2e/driver.mjs";
import { openWindow } from "../tests/e2e/support/window.mjs";

/** Pixels a frame: a wheel that is turned fast. */
const SPEED = 240;

const [home, far, times] = process.argv.slice(2);

// What the window remembers of itself is this run's, not the person's, and tokens stay out of the keychain.
const folder = mkdtempSync(join(tmpdir(), "threadkeep-bench-"));
for (const name of ["DATA", "CONFIG", "CACHE", "STATE"]) process.env[`XDG_${name}_HOME`] = join(folder, name);
process.env.THREADKEEP_KEYCHAIN = "off";

/** Clicks or presses, and hands back the milliseconds until what is wanted has been drawn. */
const timed = `
  const [what, done] = arguments;
  const reader = () => document.querySelector('[data-testid="reader"]:not(.settling)');
  const press = (key) => reader().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const inView = (place) => place !== undefined && place.bottom > 0 && place.top < innerHeight;
  const drawn = {
    // Whoever opens a chat stands at its end.
    open: () => reader().scrollHeight - reader().scrollTop - reader().clientHeight < 2,
    // It stands above the first message, and nowhere else.
    first: () => inView(document.querySelector('[data-testid="history-state"]')?.getBoundingClientRect()),
    last: () => reader().scrollHeight - reader().scrollTop - reader().clientHeight < 2
      && document.querySelector('[data-testid="jump-end"]') === null,
  };
  const begun = performance.now();
  if (what === "open") document.querySelector('[data-testid="chat-row"]').click();
  else press(what === "first" ? "Home" : "End");
  const look = () => {
    const pane = reader();
    const there = pane !== null && pane.querySelectorAll('[data-testid="message"]').length > 3 && drawn[what]();
    // One frame more: by then it is on the screen.
    requestAnimationFrame(there ? () => done(performance.now() - begun) : look);
  };
  requestAnimationFrame(look);
`;

/** Turns the wheel back from the last message until so many have been drawn, and hands back how long each frame took. */
const scroll = `
  const [speed, far, done] = arguments;
  const reader = document.querySelector('[data-testid="reader"]');
  const seen = new Set();
  const frames = [];
  let last = performance.now();
  let still = 0;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    for (const row of reader.querySelectorAll("[data-row]")) seen.add(row.dataset.row);
    const isStill = reader.scrollTop === 0;
    still = isStill ? still + 1 : 0;
    if (seen.size >= far || still > 300) return done({ frames: frames.slice(1), seen: seen.size });
    reader.scrollTop = Math.max(0, reader.scrollTop - speed);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
`;

const driver = await startDriver();
try {
  process.env.E2E_DRIVER = driver.address;
  const window = await openWindow(home);
  await window.driver.manage().setTimeouts({ script: 900_000 });
  await window.click("rail-chats");
  await window.find("chat-row");
  const found = { open: [], first: [], last: [] };
  for (let time = 0; time < Number(times); time += 1) {
    for (const what of ["open", "first", "last"]) {
      found[what].push(await window.driver.executeAsyncScript(timed, what));
    }
    await window.click("rail-settings");
    await window.gone("reader");
    await window.click("rail-chats");
    await window.find("chat-row");
  }
  await window.driver.executeAsyncScript(timed, "open");
  Object.assign(found, await window.driver.executeAsyncScript(scroll, SPEED, Number(far)));
  await window.close();
  console.log(JSON.stringify(found));
} finally {
  driver.end();
  rmSync(folder, { recursive: true, force: true });
}

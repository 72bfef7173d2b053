// The real window, driven as a person would: by what stands in it.

import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Builder, By, Capabilities, Key, until } from "selenium-webdriver";

const opening = 60_000;
const patience = Number(process.env.E2E_PATIENCE ?? 30_000);

/** Starts the app on a data folder. */
export async function openWindow(home, ...args) {
  const capabilities = new Capabilities();
  capabilities.setBrowserName("wry");
  capabilities.set("tauri:options", { application: process.env.E2E_APP, args: ["--home", home, ...args] });
  const opened = new Builder().withCapabilities(capabilities).usingServer(process.env.E2E_DRIVER).build();
  // The driver waits for ever for a window that died at its start.
  const late = AbortSignal.timeout(opening);
  const driver = await Promise.race([
    opened,
    once(late, "abort").then(() => Promise.reject(new Error("the window did not open; what it said stands above"))),
  ]);
  const window = new Window(driver);
  // It shows itself once its page is drawn; one that is resized before may never come.
  await window.until("the window is shown", () => window.run("return document.visibilityState"), (now) => now === "visible");
  return window;
}

export class Window {
  constructor(driver) {
    this.driver = driver;
  }

  /** The element with a test id, once it is there. */
  async find(id) {
    const located = until.elementLocated(byId(id));
    return this.driver.wait(located, patience).catch(async () => {
      await this.picture("failed").catch(() => {});
      throw new Error(`nothing with the test id ${id}`);
    });
  }

  async all(id) {
    return this.driver.findElements(byId(id));
  }

  async click(id) {
    const element = await this.find(id);
    // No picture of it: that would wait for ever for a window that is not shown.
    await this.driver.wait(until.elementIsVisible(element), patience, `${id} is there and cannot be seen`);
    // What was just closed may lie over it until it has faded.
    const clicked = () =>
      element.click().then(
        () => true,
        (fault) => {
          if (fault.name === "ElementClickInterceptedError") return false;
          throw fault;
        },
      );
    await this.driver.wait(clicked, patience, `something lies over ${id}`);
  }

  /** Puts a text into a field, by its keys alone: the driver's own way of clearing is not always heard. */
  async type(id, text) {
    const element = await this.find(id);
    await element.sendKeys(Key.chord(Key.CONTROL, "a"), Key.BACK_SPACE);
    await this.until(`${id} is empty`, () => element.getAttribute("value"), (value) => (value ?? "") === "");
    await element.sendKeys(text);
  }

  async text(id) {
    return (await this.find(id)).getText();
  }

  /** Waits until something is so; says what it last was. */
  async until(what, question, wanted) {
    let last;
    const holds = async () => {
      last = await question().catch((error) => error.message);
      return wanted(last);
    };
    await this.driver.wait(holds, patience).catch(async () => {
      await this.picture("failed").catch(() => {});
      throw new Error(`${what}: still ${JSON.stringify(last)}`);
    });
    return last;
  }

  async gone(id) {
    await this.until(`${id} goes away`, async () => (await this.all(id)).length, (count) => count === 0);
  }

  run(script, ...args) {
    return this.driver.executeScript(script, ...args);
  }

  /** Keeps a picture of the window for people to look at. */
  async picture(name) {
    mkdirSync(process.env.E2E_ARTIFACTS, { recursive: true });
    const png = await this.driver.takeScreenshot();
    writeFileSync(join(process.env.E2E_ARTIFACTS, `${name}.png`), png, "base64");
  }

  /** Light or dark, as the person's own choice would set it. */
  async theme(name) {
    await this.run("document.documentElement.dataset.theme = arguments[0]", name);
    const blending = "return document.getAnimations().filter((each) => each instanceof CSSTransition).length";
    await this.until("the colours are there", () => this.run(blending), (count) => count === 0);
  }

  async size(width, height) {
    await this.driver.manage().window().setRect({ width, height });
  }

  async close() {
    await this.driver.quit();
  }
}

function byId(id) {
  return By.css(`[data-testid="${id}"]`);
}

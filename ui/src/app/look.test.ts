import { readFileSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";
import { chooseLook, LOOKS, lookChoice } from "./look";

const root = document.documentElement;

beforeEach(() => {
  localStorage.clear();
  for (const look of Object.keys(LOOKS)) delete root.dataset[look];
});

it("is kept, and drawn at once", () => {
  chooseLook("density", "compact");
  chooseLook("theme", "dark");
  expect(lookChoice("density")).toBe("compact");
  expect(root.dataset.density).toBe("compact");
  expect(root.dataset.theme).toBe("dark");
});

it("is the usual one where nothing or nonsense is kept", () => {
  localStorage.setItem("threadkeep.text", "<huge>");
  expect(lookChoice("text")).toBe("usual");
  expect(lookChoice("contrast")).toBe("system");
});

/** The script of the first paint, over a system that wants this and that. */
function firstPaint(wants: readonly string[], languages: readonly string[] = ["en"]): void {
  const script = readFileSync(`${import.meta.dirname}/../../public/look.js`, "utf8");
  const matches = (query: string) => ({ matches: wants.some((word) => query.includes(word)) });
  vi.stubGlobal("navigator", { languages });
  new Function("matchMedia", "localStorage", script)(matches, localStorage);
  vi.unstubAllGlobals();
}

it("stands before the first paint as it will stand after it", () => {
  firstPaint([]);
  expect({ ...root.dataset }).toEqual({
    theme: "light",
    contrast: "usual",
    density: "comfortable",
    text: "usual",
  });
  firstPaint(["dark", "contrast"], ["ar-EG"]);
  expect(root.dataset.theme).toBe("dark");
  expect(root.dataset.contrast).toBe("more");
  expect(root.dir).toBe("rtl");
  for (const [look, choices] of Object.entries(LOOKS)) {
    localStorage.setItem(`threadkeep.${look}`, choices.at(-1) ?? "");
  }
  localStorage.setItem("threadkeep.language", "de");
  firstPaint(["contrast"], ["ar-EG"]);
  expect({ ...root.dataset }).toEqual({
    theme: "dark",
    contrast: "more",
    density: "compact",
    text: "larger",
  });
  expect(root.lang).toBe("de");
  expect(root.dir).toBe("ltr");
});

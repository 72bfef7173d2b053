import { i18n } from "@lingui/core";
import { afterEach, expect, it } from "vitest";
import { formatCount } from "../app/format";
import { chooseLanguage, languageChoice, regional, systemLanguage } from "./language";

afterEach(() => chooseLanguage("en"));

it("is the first of the system's that there is, and else English", () => {
  expect(systemLanguage(["fr-CA", "pt-PT", "de"])).toBe("pt");
  expect(systemLanguage(["ar-EG"])).toBe("ar");
  expect(systemLanguage(["xx", "constructor"])).toBe("en");
  expect(systemLanguage([])).toBe("en");
});

it("takes the region from the system, where that speaks the language", () => {
  expect(regional("en", ["de-AT", "en-GB"])).toBe("en-GB");
  expect(regional("de", ["en-GB"])).toBe("de");
  expect(regional("pt", ["en-US"])).toBe("pt-BR");
});

it("is kept, shown at once, and writes numbers in its own way and direction", async () => {
  await chooseLanguage("de");
  expect(languageChoice()).toBe("de");
  expect(i18n.locale).toBe("de");
  expect(formatCount(20_392)).toBe("20.392");
  expect(document.documentElement.lang).toBe("de");
  await chooseLanguage("ar");
  expect(document.documentElement.dir).toBe("rtl");
  await chooseLanguage("system");
  expect(languageChoice()).toBe("system");
  expect(document.documentElement.dir).toBe("ltr");
});

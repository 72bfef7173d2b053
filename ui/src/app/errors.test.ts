import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { chooseLanguage, LANGUAGES } from "../i18n/language";
import { brief, entryFor, KNOWN_CODES, sentence, told } from "./errors";

/** Where the core names what went wrong. */
const SOURCES = [
  "crates/app/src/error.rs",
  "crates/app/src/import/opened.rs",
  "crates/app/src/import/reading.rs",
  "crates/home/src/error.rs",
  "crates/ingest/src/input/error.rs",
  "crates/mirror/src/error.rs",
  "crates/sync/src/error.rs",
  "crates/sync/src/media.rs",
];

/** Every code that the core can say, read from its sources: one without words would leave a person alone with it. */
const CODES_OF_THE_CORE = SOURCES.flatMap((path) => {
  const source = readFileSync(resolve(import.meta.dirname, "../../..", path), "utf8");
  const named = [...source.matchAll(/(?:=> \{?\s*|code: )"([a-z_]+)"/g)];
  expect(named.length, `codes in ${path}`).toBeGreaterThan(0);
  return named.map((match) => match[1] ?? "");
});

describe("the table of errors", () => {
  it.each([...new Set(CODES_OF_THE_CORE)])("has words of its own for %s", (code) => {
    expect(KNOWN_CODES).toContain(code);
    expect(entryFor(code).headline).not.toBe(entryFor("a code of a newer core").headline);
  });

  it("still says something for a code that nobody knows", () => {
    expect(entryFor("a code of a newer core")).toEqual({
      severity: "bad",
      headline: "Something went wrong",
      action: "retry",
    });
  });

  it("is not fooled by the names that every object has", () => {
    expect(entryFor("constructor").headline).toBe("Something went wrong");
  });

  it("sends people to the token where the token is the trouble, and to a retry where time heals", () => {
    expect(entryFor("unauthorized").action).toBe("connect");
    expect(entryFor("token_missing").action).toBe("connect");
    expect(entryFor("timeout").action).toBe("retry");
    expect(entryFor("mirror_damaged").action).toBe("show_folder");
  });

  it("writes headlines without a stop, in words and not in codes", () => {
    for (const code of KNOWN_CODES) {
      const { headline } = entryFor(code);
      expect(headline).toMatch(/^[A-Z][^_]+[^.]$/);
    }
  });
});

describe("a sentence", () => {
  it("begins with a capital and ends with a stop", () => {
    expect(sentence("a sync is running already")).toBe("A sync is running already.");
  });

  it("leaves an address at its front as it is", () => {
    expect(sentence("https://a.example does not answer")).toBe("https://a.example does not answer.");
    expect(sentence("nas.local:8750 does not answer.")).toBe("nas.local:8750 does not answer.");
  });

  it("keeps what already ends, and stays empty where nothing was said", () => {
    expect(sentence("Really?")).toBe("Really?");
    expect(sentence("  ")).toBe("");
  });
});

describe("an error in another language than the core's", () => {
  afterEach(() => chooseLanguage("en"));

  const OTHERS = LANGUAGES.filter(({ language }) => language !== "en");

  it.each(OTHERS)("has a headline of its own for every code in $language", async ({ language }) => {
    const english = new Map(KNOWN_CODES.map((code) => [code, entryFor(code).headline]));
    await chooseLanguage(language);
    for (const [code, words] of english) expect(entryFor(code).headline, code).not.toBe(words);
  });

  it.each(OTHERS)("is told in $language, with the core's sentence behind it", async ({ language }) => {
    const english = entryFor("a code of a newer core").headline;
    await chooseLanguage(language);
    for (const code of ["unreachable", "a code of a newer core"]) {
      const fault = { code, message: "the server at nas does not answer" };
      expect(brief(fault), "no word of the core's").not.toContain("answer");
      expect(brief(fault)).not.toContain(english);
      expect(told(fault).split("\n")).toEqual([brief(fault), "The server at nas does not answer."]);
    }
  });

  it("is told once where the core speaks the language", () => {
    expect(told({ code: "unreachable", message: "nas does not answer" })).toBe("Nas does not answer.");
  });
});

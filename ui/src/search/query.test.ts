import { describe, expect, it } from "vitest";
import { isDate, isEmpty, pieces, values, withFilter, without } from "./query";

const read = (input: string) =>
  pieces(input).map(
    (piece) =>
      `${piece.without ? "-" : ""}${piece.type}${piece.name === "" ? "" : `(${piece.name})`}:${piece.text}`,
  );

describe("a query", () => {
  // The same cuts as in the core: what is shown as understood must be what was looked for.
  it.each([
    ["garden party", ["word:garden", "word:party"]],
    ['"garden party"', ["phrase:garden party"]],
    ["„garden party“ now", ["phrase:garden party", "word:now"]],
    ['"open to the end', ["phrase:open to the end"]],
    ["a OR b", ["word:a", "or:OR", "word:b"]],
    ["a or b", ["word:a", "word:or", "word:b"]],
    ['-party -"a b" - x', ["-word:party", "-phrase:a b", "word:-", "word:x"]],
    ["from:anna FROM:me", ["filter(from):anna", "filter(from):me"]],
    ['in:"Sunday Table" x', ["filter(in):Sunday Table", "word:x"]],
    ["-from:anna", ["-filter(from):anna"]],
    ["from: x", ["unfinished(from):", "word:x"]],
    [
      "before:2024-05-31 after:2023 on:2024-05",
      ["filter(before):2024-05-31", "filter(after):2023", "filter(on):2024-05"],
    ],
    [
      "before:tomorrow on:2024-13 on:2024-02-30",
      ["word:before:tomorrow", "word:on:2024-13", "word:on:2024-02-30"],
    ],
    [
      "has:link has:unicorn type:voice is:starred",
      ["filter(has):link", "word:has:unicorn", "filter(type):voice", "filter(is):starred"],
    ],
    ["https://example.org 10:30", ["word:https://example.org", "word:10:30"]],
    ['note:"to self"', ["phrase:to self"]],
    ["你好 👍🏽", ["word:你好", "word:👍🏽"]],
    ["", []],
    ["  \t\u0000 ", []],
  ])("%j is cut as the core cuts it", (input, expected) => {
    expect(read(input)).toEqual(expected);
  });

  it("knows where each piece stands", () => {
    const input = 'x from:"Ana Souza" -y';
    expect(pieces(input).map((piece) => input.slice(piece.from, piece.to))).toEqual([
      "x",
      'from:"Ana Souza"',
      "-y",
    ]);
  });

  it.each(["", "   ", "from:", "-", "??? !", '""', "OR"])("%j asks for nothing yet", (input) => {
    expect(isEmpty(input)).toBe(true);
  });

  it.each(["a", "from:me", "👍", "你", "on:2024", '"a'])("%j asks for something", (input) => {
    expect(isEmpty(input)).toBe(false);
  });
});

describe("a chip", () => {
  it("writes its filter behind the words, with quotes where it needs them", () => {
    expect(withFilter("budget", "from", "me")).toBe("budget from:me ");
    expect(withFilter("", "in", "Sunday Table")).toBe('in:"Sunday Table" ');
    expect(withFilter("x", "from", 'Ana "Nana" Souza')).toBe('x from:"Ana  Nana  Souza" ');
  });

  it("finishes what was begun", () => {
    expect(withFilter("budget from:", "from", "Ana")).toBe("budget from:Ana ");
  });

  it("takes its filter out again and leaves the words", () => {
    const text = without('a from:"Ana S" b', (piece) => piece.name === "from");
    expect(text).toBe("a b");
  });

  it("does not show what is left out as if it were asked for", () => {
    expect(values("-from:ana from:bo", "from").map((piece) => piece.text)).toEqual(["bo"]);
  });
});

describe("a date", () => {
  it.each(["today", "2024", "2024-2", "2024-02-29", "2024/05/31"])("%s is one", (value) =>
    expect(isDate(value)).toBe(true),
  );
  it.each(["2023-02-29", "24", "2024-", "2024-00", "31.5.2024", "x"])("%s is none", (value) =>
    expect(isDate(value)).toBe(false),
  );
});

import { describe, expect, it } from "vitest";
import table from "../../../crates/mirror/src/search/query/table.json";
import { isDate, isEmpty, pieces, values, withFilter, without } from "./query";

const cuts = table.cut as [string, string[]][];

const read = (input: string) =>
  pieces(input).map(
    (piece) =>
      `${piece.without ? "-" : ""}${piece.type}${piece.name === "" ? "" : `(${piece.name})`}:${piece.text}`,
  );

describe("a query", () => {
  // The core reads the same table: what is shown as understood must be what was looked for.
  it.each(cuts)("%j is cut as the core cuts it", (input, expected) => {
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

  it.each(table.nothing)("%j asks for nothing yet", (input) => {
    expect(isEmpty(input)).toBe(true);
  });

  it.each(table.something)("%j asks for something", (input) => {
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

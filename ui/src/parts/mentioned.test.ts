import { describe, expect, it } from "vitest";
import type { Mark } from "./marked";
import { stretches } from "./marked";
import { spelledOut, withNames } from "./mentioned";

const ANA = { handle: "4915550002", name: "Ana" };

/** The marked words. */
const words = (text: string, marks: readonly Mark[]) =>
  stretches(text, marks)
    .filter(({ marked }) => marked)
    .map((each) => each.text);

describe("a text that names people by numbers", () => {
  it("shows the names that are known, in their own direction", () => {
    const { text } = withNames("@4915550002, ask @4915550003 @12", [ANA]);
    expect(text).toBe("@\u2068Ana\u2069, ask @4915550003 @12");
    expect(spelledOut("@4915550002, ask @4915550003", [ANA])).toBe("@Ana, ask @4915550003");
  });

  it("keeps its marks on the words that they were on", () => {
    const text = "call @4915550002 about the rent @4915550002";
    const marks = ["call", "rent"].map((word): Mark => [text.indexOf(word), text.indexOf(word) + 4]);
    const shown = withNames(text, [ANA], marks);
    expect(words(shown.text, shown.marks)).toEqual(["call", "rent"]);
  });

  it("marks the name where the number was what was looked for", () => {
    const text = "ask @4915550002 now";
    const shown = withNames(text, [ANA], [[5, 9]]);
    expect(words(shown.text, shown.marks)).toEqual(["@\u2068Ana\u2069"]);
    const whole = withNames(text, [ANA], [[0, text.length]]);
    expect(words(whole.text, whole.marks)).toEqual(["ask @\u2068Ana\u2069 now"]);
  });

  it("is not fooled by a name that looks like a number", () => {
    const shown = withNames("@4915550002 @4915550009", [
      { handle: "4915550002", name: "@4915550009" },
      { handle: "4915550009", name: "Ben" },
    ]);
    expect(shown.text).toBe("@\u2068@4915550009\u2069 @\u2068Ben\u2069");
  });
});

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Excerpt } from "../bindings";
import { Marked, stretches, within } from "../parts/marked";
import { snippet } from "./snippet";

afterEach(cleanup);

const excerptOf = (text: string, word: string, more: Partial<Excerpt> = {}): Excerpt => {
  const at = text.indexOf(word);
  return { text, start: 0, cut: false, marks: [[at, at + word.length]], ...more };
};

const marked = ({ text, marks }: ReturnType<typeof snippet>) =>
  stretches(text, marks)
    .filter((stretch) => stretch.marked)
    .map((stretch) => stretch.text);

describe("marks", () => {
  it.each([
    ["a cafe\u0301!", "cafe\u0301"],
    ["x 👍🏽 y", "👍🏽"],
    ["前言你好世界", "你好"],
    ["تم إرسال الفاتورة", "الفاتورة"],
    ["<b>bold</b>", "<b>"],
  ])("in %j stand around %j and are text", (text, word) => {
    render(
      <p data-testid="line">
        <Marked text={text} marks={excerptOf(text, word).marks} />
      </p>,
    );
    const line = screen.getByTestId("line");
    expect(line.textContent).toBe(text);
    expect([...line.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual([word]);
    expect(line.querySelector("b")).toBeNull();
  });

  it("that overlap, or reach beyond the text, lose and double nothing", () => {
    const parts = stretches("abcdef", [
      [1, 3],
      [2, 4],
      [5, 99],
      [200, 300],
    ]);
    expect(parts.map((part) => part.text).join("")).toBe("abcdef");
    expect(parts.filter((part) => part.marked).map((part) => part.text)).toEqual(["bc", "d", "f"]);
  });

  it("of a part are counted from where it begins", () => {
    expect(
      within(
        [
          [2, 6],
          [10, 12],
        ],
        4,
        11,
      ),
    ).toEqual([
      [0, 2],
      [6, 7],
    ]);
  });
});

describe("a snippet", () => {
  it("begins near what was found, at a word", () => {
    const text = `${"words before it ".repeat(20)}needle and after`;
    const shown = snippet(excerptOf(text, "needle"));
    expect(shown.text).toMatch(/^…[a-z]+ .*needle and after$/);
    expect(shown.text.length).toBeLessThan(70);
    expect(marked(shown)).toEqual(["needle"]);
  });

  it("of a short text is all of it", () => {
    expect(snippet(excerptOf("the needle", "needle")).text).toBe("the needle");
  });

  it("says that the text goes on at both ends", () => {
    expect(snippet(excerptOf("the needle", "needle", { start: 900, cut: true })).text).toBe("…the needle…");
  });

  it("cuts no character where there is no space", () => {
    const text = `${"👩‍👩‍👧‍👦".repeat(40)}needle`;
    const shown = snippet(excerptOf(text, "needle"));
    expect(shown.text.replaceAll("👩‍👩‍👧‍👦", "")).toBe("…needle");
    expect(marked(shown)).toEqual(["needle"]);
  });
});

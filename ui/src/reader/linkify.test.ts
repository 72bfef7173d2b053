import { describe, expect, it } from "vitest";
import { linkify } from "./linkify";

const links = (text: string) => linkify(text).flatMap((piece) => (piece.type === "link" ? [piece.url] : []));

describe("links in text", () => {
  it.each([
    ["see https://example.org.", ["https://example.org"]],
    ["(https://example.org/a_(b))", ["https://example.org/a_(b)"]],
    ["<https://example.org/x>", ["https://example.org/x"]],
    ["https://example.org/?q=a&b=c#d, and", ["https://example.org/?q=a&b=c#d"]],
    ["HTTP://EXAMPLE.ORG!", ["HTTP://EXAMPLE.ORG"]],
    ["write to mailto:ana@example.org?", ["mailto:ana@example.org"]],
    ["https://例え.jp/道。", ["https://例え.jp/道"]],
    ["*https://example.org*", ["https://example.org"]],
    ["https://a.example https://b.example", ["https://a.example", "https://b.example"]],
  ])("finds them in %j", (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "smb://server/share",
    "https://",
    "http://:",
    "mailto:nobody",
    "xhttps://example.org",
    "ftp://example.org",
  ])("finds none in %j", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("loses not a character of the text around them", () => {
    for (const text of [
      "a https://b.example, c",
      "https://b.example",
      "none",
      "",
      "x\nhttps://b.example)\n y",
    ]) {
      expect(
        linkify(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }
  });

  it("keeps up with a text that is made to be slow", () => {
    const text = "https://a.example/".repeat(2_000) + ")".repeat(5_000);
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});

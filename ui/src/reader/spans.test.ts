import { describe, expect, it } from "vitest";
import type { Span } from "../bindings";
import type { Inline } from "./formatting";
import { spanned } from "./spans";

function span(style: string, from: number, to: number, url = ""): Span {
  return { style, from, to, url };
}

function short(text: string, spans: readonly Span[]): string {
  const inline = (parts: readonly Inline[]): string =>
    parts
      .map((part) => {
        if ("parts" in part) return `<${part.type}>${inline(part.parts)}</>`;
        const words = part.type === "mention" ? part.name : text.slice(part.from, part.to);
        return part.type === "text" ? words : `<${part.type}>${words}</>`;
      })
      .join("");
  return spanned(text, spans)
    .map((block) => ("parts" in block ? inline(block.parts) : ""))
    .join("|");
}

describe("what stands out by places", () => {
  it.each<[string, Span[], string]>([
    ["so *bold* it is", [span("bold", 3, 9)], "so <bold>*bold*</> it is"],
    ["both", [span("italic", 0, 4), span("bold", 0, 4)], "<italic><bold>both</></>"],
    ["one two", [span("bold", 0, 5), span("italic", 2, 7)], "<bold>on<italic>e t</></>wo"],
    ["see here", [span("link", 4, 8, "https://example.org")], "see <link>here</>"],
    ["run it", [span("code", 0, 3)], "<code>run</> it"],
    ["at https://example.org now", [span("bold", 0, 26)], "<bold>at <link>https://example.org</> now</>"],
    ["https://example.org", [span("bold", 3, 6)], "htt<bold>ps:</>//example.org"],
    ["short", [span("bold", 2, 90), span("bold", 90, 99)], "sh<bold>ort</>"],
  ])("%j", (text, spans, shown) => {
    expect(short(text, spans)).toBe(shown);
  });

  it("shows every letter once, in order, whatever is said of the text", () => {
    const text = "see https://example.org/a *b* 🎉 `c` and more";
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const spans = Array.from({ length: random(6) }, () => {
        const from = random(text.length);
        return span(["bold", "italic", "struck", "code", "link"][random(5)] ?? "", from, from + random(20));
      });
      expect(short(text, spans).replaceAll(/<[a-z]*>|<\/>/g, "")).toBe(text);
    }
  });
});

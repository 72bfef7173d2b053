import { describe, expect, it } from "vitest";
import { type Block, type Inline, plain, whatsapp } from "./formatting";

/** Blocks in short: `<b>…</b>` for bold and so on, one line a block. */
function short(text: string, blocks: Block[] = whatsapp(text)): string {
  const inline = (parts: readonly Inline[]): string =>
    parts
      .map((part) => {
        if ("parts" in part) return `<${part.type}>${inline(part.parts)}</>`;
        if (part.type === "mention") return `<@${part.name}>`;
        const words = text.slice(part.from, part.to);
        return part.type === "text" ? words : `<${part.type}>${words}</>`;
      })
      .join("");
  return blocks
    .map((block) => {
      if ("items" in block) {
        return block.items.map((item) => `${item.number || "•"} ${inline(item.parts)}`).join(" | ");
      }
      return block.type === "quote" ? `> ${inline(block.parts)}` : inline(block.parts);
    })
    .join(" ¶ ");
}

describe("formatting", () => {
  it.each([
    ["*bold* _italic_ ~struck~", "<bold>bold</> <italic>italic</> <struck>struck</>"],
    ["*_both_*", "<bold><italic>both</></>"],
    ["(*so*), *so*!", "(<bold>so</>), <bold>so</>!"],
    ["*two words* and _more of them_", "<bold>two words</> and <italic>more of them</>"],
    ["say `*this*` now", "say <code>*this*</> now"],
    ["```const a = *b*;```", "<code>const a = *b*;</>"],
    ["```\na\n\nb\n```", "<code>a\n\nb</>"],
    ["*see https://example.org/a_b_c*", "<bold>see <link>https://example.org/a_b_c</></>"],
    ["> said *who*?\n> me\nand then", "> said <bold>who</>?\nme ¶ and then"],
    ["list:\n- one\n* two\n1. first\n2. second", "list: ¶ • one | • two ¶ 1 first | 2 second"],
    ["*ά* _日本_ *😀*", "<bold>ά</> <italic>日本</> <bold>😀</>"],
  ])("reads %j", (text, shown) => expect(short(text)).toBe(shown));

  it.each([
    "2*3*4",
    "snake_case_name",
    "*not\nbold*",
    "a * * b",
    "**bold**",
    "__init__",
    "~/home ~ and ~/tmp",
    "``",
    "a ` lonely one",
    "-not a list",
    "1.5 litres",
    "_ _",
    "5 > 3",
    "<b>no</b> &amp;",
  ])("leaves %j as it is", (text) => expect(short(text)).toBe(text));

  it("means nothing on a platform that has no signs", () => {
    expect(short("*a* https://b.org/", plain("*a* https://b.org/"))).toBe("*a* <link>https://b.org/</>");
  });

  it("names those who are mentioned, and nobody else", () => {
    const ana = [{ handle: "4915550002", name: "Ana" }];
    const text = "*@4915550002* and @4915550003, `@4915550002` 4915550002";
    expect(short(text, whatsapp(text, ana))).toBe(
      "<bold><@Ana></> and @4915550003, <code>@4915550002</> 4915550002",
    );
    expect(short("@4915550002!", plain("@4915550002!", ana))).toBe("<@Ana>!");
  });

  it("shows every letter once, in order, whatever is typed", () => {
    const signs = [
      "*",
      "_",
      "~",
      "`",
      "```",
      "> ",
      "- ",
      "1. ",
      "\n",
      " ",
      "a",
      "é",
      "😀",
      "https://b.org/_a*",
    ];
    let seed = 7;
    const next = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: next(24) }, () => signs[next(signs.length)]).join("");
      let at = 0;
      const walk = (parts: readonly Inline[]) => {
        for (const part of parts) {
          if ("parts" in part) {
            walk(part.parts);
            continue;
          }
          expect(part.from, text).toBeGreaterThanOrEqual(at);
          expect(part.to, text).toBeGreaterThan(part.from);
          expect(text.slice(at, part.from), `only signs are left out of ${JSON.stringify(text)}`).toMatch(
            /^[*_~`>\-\d. \n]*$/,
          );
          at = part.to;
        }
      };
      for (const block of whatsapp(text)) {
        if ("items" in block) for (const item of block.items) walk(item.parts);
        else walk(block.parts);
      }
      expect(text.slice(at), text).toMatch(/^[*_~`>\-\d. \n]*$/);
    }
  });

  it.each(["*a", "*a ", "`", "```", "``` ", "*_~", "> ", "*a*", "[(", "\n`"])(
    "ends for sixty thousand signs of %j",
    (sign) => {
      expect(whatsapp(sign.repeat(60_000 / sign.length)).length).toBeGreaterThan(0);
    },
  );
});

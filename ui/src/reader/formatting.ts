// Reads the signs that people type in WhatsApp: *bold*, _italic_, ~struck~, `code`, ```code```, and at the beginning
// of lines "> " for quotes, "- " and "1. " for lists. What comes out says where in the text each piece stands; it
// holds no letter that is not there, and the signs alone are left out. Time grows with the length of the text
// alone, whatever it is: a sign without its other half is looked for once in a line.
import type { Mention } from "../bindings";
import { linkify } from "./linkify";

export type Style = "bold" | "italic" | "struck";

/** A piece of a line. */
export type Inline =
  | { type: "text" | "code"; from: number; to: number }
  | { type: "link"; from: number; to: number; url: string }
  | { type: "mention"; from: number; to: number; name: string }
  | { type: Style; parts: Inline[] };

export type Item = { parts: Inline[]; number: string };

/** A piece of a text, made of whole lines. */
export type Block =
  | { type: "lines" | "quote"; parts: Inline[] }
  | { type: "bullets" | "numbers"; items: Item[] };

/** A stretch in which signs mean nothing. */
export type Atom = { from: number; to: number; part: Inline };

export type Stretch = { from: number; to: number };

const SIGNS: Readonly<Record<string, Style>> = { "*": "bold", _: "italic", "~": "struck" };

const WORD = /[\p{L}\p{N}\p{M}]/u;

export const STYLES: readonly Style[] = ["bold", "italic", "struck"];

/** Of a platform that has no signs: lines, links and names. */
export function plain(text: string, mentions: readonly Mention[] = []): Block[] {
  if (text === "") return [];
  const atoms = atomsOf(text, [], mentions);
  return [{ type: "lines", parts: inline(text, { from: 0, to: text.length }, atoms, STYLES) }];
}

export function whatsapp(text: string, mentions: readonly Mention[] = []): Block[] {
  if (text === "") return [];
  const codes = codesIn(text);
  const atoms = atomsOf(text, codes, mentions);
  const blocks: Block[] = [];
  for (const line of linesOf(text, codes)) {
    const begin = beginOf(text, line);
    const parts = inline(text, { from: begin.from, to: line.to }, atoms, []);
    const last = blocks.at(-1);
    if (begin.type === "bullets" || begin.type === "numbers") {
      const item = { parts, number: begin.number };
      if (last?.type === begin.type) last.items.push(item);
      else blocks.push({ type: begin.type, items: [item] });
    } else if (last?.type === begin.type) {
      // With the break before it, which belongs to the text.
      last.parts.push({ type: "text", from: line.from - 1, to: line.from }, ...parts);
    } else blocks.push({ type: begin.type, parts });
  }
  return blocks;
}

/** The lines of a text; code that goes over several keeps them together. */
function linesOf(text: string, codes: readonly Atom[]): Stretch[] {
  const lines: Stretch[] = [];
  let next = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = codes[next];
    if (code !== undefined && at === code.from) {
      at = code.to - 1;
      next += 1;
    } else if (at === text.length || text[at] === "\n") {
      lines.push({ from, to: at });
      from = at + 1;
    }
  }
  return lines;
}

const BEGIN = /(?:> ?|[*-] |(\d{1,3})\. )(?=\S)/y;

type Begin = { type: Block["type"]; from: number; number: string };

/** What a line is by how it begins, and where its words begin. */
function beginOf(text: string, { from, to }: Stretch): Begin {
  BEGIN.lastIndex = from;
  const match = BEGIN.exec(text);
  if (match === null || BEGIN.lastIndex > to) return { type: "lines", from, number: "" };
  const number = match[1] ?? "";
  const type = match[0].startsWith(">") ? "quote" : number === "" ? "bullets" : "numbers";
  return { type, from: from + match[0].length, number };
}

export function inline(
  text: string,
  { from, to }: Stretch,
  atoms: readonly Atom[],
  around: readonly Style[],
): Inline[] {
  const parts: Inline[] = [];
  const lonely = new Set<string>();
  let next = firstBehind(atoms, from);
  let done = from;
  const say = (until: number) => {
    if (until > done) parts.push({ type: "text", from: done, to: until });
  };
  for (let at = from; at < to; ) {
    const atom = atoms[next];
    if (atom !== undefined && atom.from === at) {
      say(at);
      parts.push(atom.part);
      next += 1;
      at = done = atom.to;
      continue;
    }
    const sign = text[at] ?? "";
    const style = SIGNS[sign];
    if (style !== undefined && !around.includes(style) && !lonely.has(sign) && opens(text, at)) {
      const close = closing(text, at, to, atoms, next);
      if (close === -1) lonely.add(sign);
      else {
        say(at);
        parts.push({
          type: style,
          parts: inline(text, { from: at + 1, to: close }, atoms, [...around, style]),
        });
        at = done = close + 1;
        next = firstBehind(atoms, at);
        continue;
      }
    }
    at += 1;
  }
  say(to);
  return parts;
}

/** A sign opens before a word and not within one; several in a row are no sign. */
function opens(text: string, at: number): boolean {
  const [before, sign, behind] = [text[at - 1] ?? " ", text[at], text[at + 1] ?? " "];
  return !WORD.test(before) && before !== sign && behind !== sign && !/\s/.test(behind);
}

/** The place of the sign's other half, or -1. */
function closing(text: string, open: number, to: number, atoms: readonly Atom[], from: number): number {
  const sign = text[open];
  let next = from;
  for (let at = open + 1; at < to; ) {
    const atom = atoms[next];
    if (atom !== undefined && atom.from === at) {
      at = atom.to;
      next += 1;
      continue;
    }
    const [before, behind] = [text[at - 1] ?? " ", at + 1 < to ? (text[at + 1] ?? " ") : " "];
    const closes =
      at > open + 1 && !/\s/.test(before) && before !== sign && behind !== sign && !WORD.test(behind);
    if (text[at] === sign && closes) return at;
    at += 1;
  }
  return -1;
}

/** The first stretch that begins at a place or behind it. */
export function firstBehind(atoms: readonly Atom[], place: number): number {
  let [low, high] = [0, atoms.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atoms[middle]?.from ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Code between three backticks, over lines too, or between single ones within a line. */
function codesIn(text: string): Atom[] {
  const codes: Atom[] = [];
  for (let from = text.indexOf("`"); from !== -1; ) {
    const fence = text.startsWith("```", from) ? "```" : "`";
    const inner = from + fence.length;
    const end = text.indexOf(fence, inner);
    if (end === -1 && fence === "`") break;
    const words = text.slice(inner, Math.max(end, inner));
    if (words.trim() === "" || (fence === "`" && words.includes("\n"))) {
      // Without its other half it may still be the other half of what follows.
      from = text.indexOf("`", fence === "`" ? Math.max(end, inner) : inner);
      continue;
    }
    // Fences on lines of their own bring no empty lines.
    const begin = fence === "```" && text[inner] === "\n" ? inner + 1 : inner;
    const stop = fence === "```" && text[end - 1] === "\n" && end - 1 > begin ? end - 1 : end;
    const to = end + fence.length;
    codes.push({ from, to, part: { type: "code", from: begin, to: stop } });
    from = text.indexOf("`", to);
  }
  return codes;
}

/** Code, links and names, in order; what comes first in this row keeps its place. */
export function atomsOf(text: string, codes: readonly Atom[], mentions: readonly Mention[]): Atom[] {
  const links = linksIn(text, codes);
  const apart = [...codes, ...links].sort((a, b) => a.from - b.from);
  const names = namesIn(text, mentions).filter(({ from, to }) => {
    const before = apart[firstBehind(apart, from + 1) - 1];
    const behind = apart[firstBehind(apart, from + 1)];
    return (before === undefined || before.to <= from) && (behind === undefined || behind.from >= to);
  });
  return [...apart, ...names].sort((a, b) => a.from - b.from);
}

/** Whom the text names by an address: `@4915550002`. */
function namesIn(text: string, mentions: readonly Mention[]): Atom[] {
  if (mentions.length === 0) return [];
  const names = new Map(mentions.map(({ handle, name }) => [handle, name]));
  return [...text.matchAll(/@(\d{3,32})/g)].flatMap((match) => {
    const name = names.get(match[1] ?? "");
    if (name === undefined) return [];
    const [from, to] = [match.index, match.index + match[0].length];
    return [{ from, to, part: { type: "mention" as const, from, to, name } }];
  });
}

function linksIn(text: string, codes: readonly Atom[]): Atom[] {
  const links: Atom[] = [];
  let at = 0;
  let next = 0;
  for (const piece of linkify(text)) {
    const [from, to] = [at, at + piece.text.length];
    at = to;
    if (piece.type === "text") continue;
    while (next < codes.length && (codes[next]?.to ?? 0) <= from) next += 1;
    const code = codes[next];
    if (code !== undefined && code.from < to) continue;
    links.push({ from, to, part: { type: "link", from, to, url: piece.url } });
  }
  return links;
}

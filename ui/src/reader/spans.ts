// Texts of platforms that say apart from the text what stands out in it, such as Telegram and Signal. As with signs,
// what comes out says where in the text each piece stands, and every letter comes once.
import type { Mention, Span } from "../bindings";
import {
  type Atom,
  atomsOf,
  type Block,
  firstBehind,
  type Inline,
  inline,
  STYLES,
  type Stretch,
  type Style,
} from "./formatting";

/** A text in which stretches stand out. One that begins in another ends with it. */
export function spanned(text: string, spans: readonly Span[], mentions: readonly Mention[] = []): Block[] {
  if (text === "") return [];
  const inside = spans
    .map((span) => ({ ...span, to: Math.min(span.to, text.length) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const atoms = atomsOf(text, wholes(inside), mentions);
  const styled = inside.filter(({ style }) => isStyle(style));
  return [{ type: "lines", parts: pieces(text, { from: 0, to: text.length }, styled, atoms) }];
}

function isStyle(style: string): style is Style {
  return STYLES.includes(style as Style);
}

/** Code and links, in which nothing else means anything. */
function wholes(spans: readonly Span[]): Atom[] {
  const atoms: Atom[] = [];
  let done = 0;
  for (const { style, from, to, url } of spans) {
    if (isStyle(style) || from < done) continue;
    atoms.push({
      from,
      to,
      part: style === "link" ? { type: "link", from, to, url } : { type: "code", from, to },
    });
    done = to;
  }
  return atoms;
}

function pieces(
  text: string,
  { from, to }: Stretch,
  spans: readonly Span[],
  atoms: readonly Atom[],
): Inline[] {
  const parts: Inline[] = [];
  let done = from;
  for (let next = 0; next < spans.length; ) {
    const span = spans[next];
    next += 1;
    if (span === undefined || !isStyle(span.style)) continue;
    const [start, end] = [Math.max(span.from, done), Math.min(span.to, to)];
    if (end <= start) continue;
    const first = next;
    while (next < spans.length && (spans[next]?.from ?? 0) < end) next += 1;
    parts.push(...unstyled(text, { from: done, to: start }, atoms));
    parts.push({
      type: span.style,
      parts: pieces(text, { from: start, to: end }, spans.slice(first, next), atoms),
    });
    done = end;
  }
  parts.push(...unstyled(text, { from: done, to }, atoms));
  return parts;
}

/** A stretch without styles: with the code, links and names that lie whole in it. */
function unstyled(text: string, stretch: Stretch, atoms: readonly Atom[]): Inline[] {
  const first = firstBehind(atoms, stretch.from);
  const last = firstBehind(atoms, stretch.to);
  const within = atoms.slice(first, last).filter(({ to }) => to <= stretch.to);
  return inline(text, stretch, within, STYLES);
}

import { Fragment } from "react";

/** From and to, in UTF-16 code units. */
export type Mark = readonly [number, number];

export type Stretch = { text: string; marked: boolean };

/** A text at its marks cut into stretches. Whatever the marks say, no letter is lost and none comes twice. */
export function stretches(text: string, marks: readonly Mark[]): Stretch[] {
  const found: Stretch[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    const start = Math.max(at, from);
    const end = Math.min(text.length, to);
    if (end <= start) continue;
    if (start > at) found.push({ text: text.slice(at, start), marked: false });
    found.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), marked: false });
  return found;
}

/** The marks that fall into a part of the text, counted from where the part begins. */
export function within(marks: readonly Mark[], from: number, to: number): Mark[] {
  return marks
    .filter(([start, end]) => start < to && end > from)
    .map(([start, end]) => [Math.max(start, from) - from, Math.min(end, to) - from]);
}

/** Text nodes with `mark` around what was looked for: never markup of the text's own. */
export function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  return stretches(text, marks).map((stretch, index) =>
    stretch.marked ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of one text never move
      <mark key={index} className="hit">
        {stretch.text}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of one text never move
      <Fragment key={index}>{stretch.text}</Fragment>
    ),
  );
}

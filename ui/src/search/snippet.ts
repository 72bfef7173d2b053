// What a list shows of a hit: the first thing that was found near the front, so that two lines hold it.
import type { Excerpt, Mention } from "../bindings";
import { type Mark, within } from "../parts/marked";
import { withNames } from "../parts/mentioned";

/** So much stands before the first mark. */
const LEAD = 36;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export type Snippet = { text: string; marks: readonly Mark[] };

export function snippet(excerpt: Excerpt, mentions: readonly Mention[] = []): Snippet {
  const { text, marks: found } = withNames(excerpt.text, mentions, excerpt.marks);
  const first = found[0]?.[0] ?? 0;
  const from = cutBefore(text, first);
  const front = from > 0 || excerpt.start > 0 ? "…" : "";
  const marks = within(found, from, text.length).map(
    ([start, end]): Mark => [start + front.length, end + front.length],
  );
  return { text: `${front}${text.slice(from)}${excerpt.cut ? "…" : ""}`, marks };
}

/** Where to begin: behind a space if there is one near, else between two characters as a reader takes them. */
function cutBefore(text: string, first: number): number {
  if (first <= LEAD) return 0;
  const near = first - LEAD;
  const space = text.slice(near, first).search(/\s\S/u);
  if (space !== -1) return near + space + 1;
  return graphemes.segment(text).containing(near)?.index ?? near;
}

// Whom a text names by a number, `@4915550002`, is shown by name: where the text itself is not drawn piece by piece.
import type { Mention } from "../bindings";
import type { Mark } from "./marked";

const HANDLE = /@(\d{3,32})/g;

type Edit = { from: number; to: number; start: number; end: number };

/** The text as one would write it: with names. */
export function spelledOut(text: string, mentions: readonly Mention[]): string {
  const names = namesOf(mentions);
  return text.replaceAll(HANDLE, (whole, handle: string) =>
    names.has(handle) ? `@${names.get(handle)}` : whole,
  );
}

/** The same where it is shown: names keep their own direction, and marks their words. One in a number marks the name. */
export function withNames(
  text: string,
  mentions: readonly Mention[],
  marks: readonly Mark[] = [],
): { text: string; marks: readonly Mark[] } {
  if (mentions.length === 0) return { text, marks };
  const names = namesOf(mentions);
  const edits: Edit[] = [];
  let shown = "";
  let done = 0;
  for (const match of text.matchAll(HANDLE)) {
    const name = names.get(match[1] ?? "");
    if (name === undefined) continue;
    const [from, to] = [match.index, match.index + match[0].length];
    shown += text.slice(done, from);
    const start = shown.length;
    shown += `@\u2068${name}\u2069`;
    edits.push({ from, to, start, end: shown.length });
    done = to;
  }
  shown += text.slice(done);
  return { text: shown, marks: marks.map(([from, to]): Mark => [startOf(edits, from), endOf(edits, to)]) };
}

function namesOf(mentions: readonly Mention[]): ReadonlyMap<string, string> {
  return new Map(mentions.map(({ handle, name }) => [handle, name]));
}

function startOf(edits: readonly Edit[], place: number): number {
  const edit = edits.findLast(({ from }) => from <= place);
  if (edit === undefined) return place;
  return place < edit.to ? edit.start : place - edit.to + edit.end;
}

function endOf(edits: readonly Edit[], place: number): number {
  const edit = edits.findLast(({ from }) => from < place);
  if (edit === undefined) return place;
  return place <= edit.to ? edit.end : place - edit.to + edit.end;
}

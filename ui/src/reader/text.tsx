import { Plural } from "@lingui/react/macro";
import { Fragment, useMemo, useState } from "react";
import type { Excerpt } from "../bindings";
import { type Mark, Marked, within } from "../parts/marked";
import { linkify } from "./linkify";
import { openLink } from "./open-link";

/** Longer texts are folded: a pasted book must not push the chat away. */
const LONG = 3_000;

/** A text folded behind what was looked for is not longer than this. */
const LONGEST = 60_000;

/** A message's words: text nodes and buttons for links, never markup. What was looked for in it is marked. */
export function Text({ text, found }: { text: string; found?: Excerpt | undefined }) {
  const [whole, setWhole] = useState(false);
  const marks = useMemo(() => (found === undefined ? [] : marksIn(text, found)), [text, found]);
  const needed = Math.min(LONGEST, (marks.at(-1)?.[1] ?? 0) + 400);
  const folded = text.length > Math.max(LONG, needed) && !whole;
  const shown = folded ? clip(text, Math.max(LONG, needed)) : text;
  const pieces = useMemo(() => linkify(shown), [shown]);
  let at = 0;
  const next = (piece: string) => {
    at += piece.length;
    return <Marked text={piece} marks={within(marks, at - piece.length, at)} />;
  };
  return (
    <>
      <span data-testid="message-text" className={`said ${isFewEmoji(text) ? "emoji" : ""}`}>
        {pieces.map((piece, index) =>
          piece.type === "text" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            <Fragment key={index}>{next(piece.text)}</Fragment>
          ) : (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
              key={index}
              type="button"
              className="link inline wrap-anywhere"
              title={piece.url}
              onClick={() => openLink(piece.url)}
            >
              <bdi>{next(piece.text)}</bdi>
            </button>
          ),
        )}
        {folded && "…"}
      </span>
      {folded && (
        <button type="button" className="link mt-1 block text-sm" onClick={() => setWhole(true)}>
          <Plural value={text.length} one="Show all (# character)" other="Show all (# characters)" />
        </button>
      )}
    </>
  );
}

/** The marks of a piece, counted in the whole text; none where the text is another by now. */
function marksIn(text: string, found: Excerpt): Mark[] {
  if (!text.startsWith(found.text, found.start)) return [];
  return found.marks.map(([from, to]) => [from + found.start, to + found.start]);
}

/** The first so many UTF-16 units, never half a character. */
export function clip(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? length - 1 : length);
}

/** One to three emoji and nothing else: these are shown large. */
export function isFewEmoji(text: string): boolean {
  const bare = text.trim();
  if (bare === "" || bare.length > 40 || !/^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/u.test(bare)) {
    return false;
  }
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(bare)) return false;
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(bare)].length <= 3;
}

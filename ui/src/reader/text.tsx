import { useMemo, useState } from "react";
import { formatCount } from "../app/format";
import { linkify } from "./linkify";
import { openLink } from "./open-link";

/** Longer texts are folded: a pasted book must not push the chat away. */
const LONG = 3_000;

/** A message's words: text nodes and buttons for links, never markup. */
export function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const folded = text.length > LONG && !whole;
  const shown = folded ? clip(text, LONG) : text;
  const pieces = useMemo(() => linkify(shown), [shown]);
  return (
    <>
      <span data-testid="message-text" className={`said ${isFewEmoji(text) ? "emoji" : ""}`}>
        {pieces.map((piece, index) =>
          piece.type === "text" ? (
            piece.text
          ) : (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
              key={index}
              type="button"
              className="link inline wrap-anywhere"
              title={piece.url}
              onClick={() => openLink(piece.url)}
            >
              <bdi>{piece.text}</bdi>
            </button>
          ),
        )}
        {folded && "…"}
      </span>
      {folded && (
        <button type="button" className="link mt-1 block text-sm" onClick={() => setWhole(true)}>
          Show all ({formatCount(text.length)} characters)
        </button>
      )}
    </>
  );
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

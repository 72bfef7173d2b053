import { Plural } from "@lingui/react/macro";
import { useContext, useMemo, useState } from "react";
import type { Excerpt, Mention, Span } from "../bindings";
import type { Mark } from "../parts/marked";
import { Formatted } from "./formatted";
import { type Block, plain, whatsapp } from "./formatting";
import { hasSigns, Platform } from "./platform";
import { spanned } from "./spans";

/** Longer texts are folded: a pasted book must not push the chat away. */
const LONG = 3_000;

/** A text folded behind what was looked for is not longer than this. */
const LONGEST = 60_000;

const NOBODY: readonly Mention[] = [];

const NOTHING: readonly Span[] = [];

/** A message's words: text nodes, and buttons for links, never markup. What was looked for in it is marked. */
export function Text({
  id,
  text,
  found,
  mentions = NOBODY,
  spans = NOTHING,
}: {
  id: string;
  text: string;
  found?: Excerpt | undefined;
  /** Whom it names by an address. */
  mentions?: readonly Mention[];
  /** What stands out in it. */
  spans?: readonly Span[];
}) {
  const [whole, setWhole] = useState(false);
  const marks = useMemo(() => (found === undefined ? [] : marksIn(text, found)), [text, found]);
  const needed = Math.min(LONGEST, (marks.at(-1)?.[1] ?? 0) + 400);
  const folded = text.length > Math.max(LONG, needed) && !whole;
  const shown = folded ? clip(text, Math.max(LONG, needed)) : text;
  const blocks = useBlocks(shown, mentions, spans);
  return (
    <>
      <Formatted
        id={id}
        text={shown}
        blocks={blocks}
        marks={marks}
        className={isFewEmoji(text) ? "emoji" : ""}
        end={folded ? "…" : ""}
      />
      {folded && (
        <button type="button" className="link mt-1 block text-sm" onClick={() => setWhole(true)}>
          <Plural value={text.length} one="Show all (# character)" other="Show all (# characters)" />
        </button>
      )}
    </>
  );
}

/** The beginning of a text where another one shows it: its links lead nowhere. */
export function Glimpse({ text, mentions }: { text: string; mentions: readonly Mention[] }) {
  return <Formatted text={text} blocks={useBlocks(text, mentions)} hasLinks={false} testId="glimpse" />;
}

function useBlocks(text: string, mentions: readonly Mention[], spans = NOTHING): Block[] {
  const platform = useContext(Platform);
  // In a whole book signs mean nothing: what people type by hand is shorter.
  const read = hasSigns(platform) && text.length <= LONGEST ? whatsapp : plain;
  return useMemo(
    () => (spans.length > 0 ? spanned(text, spans, mentions) : read(text, mentions)),
    [read, text, mentions, spans],
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

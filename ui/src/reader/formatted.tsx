import { Fragment, type ReactNode } from "react";
import { type Mark, Marked, within } from "../parts/marked";
import type { Block, Inline, Item, Style } from "./formatting";
import { openLink } from "./open-link";

const TAGS: Readonly<Record<Style, "strong" | "em" | "s">> = { bold: "strong", italic: "em", struck: "s" };

/** A text with its formatting, as text nodes in elements of ours. */
export function Formatted({
  id,
  text,
  blocks,
  marks = [],
  className = "",
  end = "",
  hasLinks = true,
  testId = "message-text",
}: {
  id?: string;
  text: string;
  blocks: readonly Block[];
  marks?: readonly Mark[];
  className?: string;
  /** Stands behind the last word. */
  end?: string;
  /** Links can be followed; within a button they cannot. */
  hasLinks?: boolean;
  testId?: string;
}) {
  const words = ({ from, to }: { from: number; to: number }) => (
    <Marked text={text.slice(from, to)} marks={marks.length === 0 ? marks : within(marks, from, to)} />
  );
  const inline = (parts: readonly Inline[]): ReactNode =>
    parts.map((part, index) => {
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      return <Fragment key={index}>{piece(part)}</Fragment>;
    });
  const piece = (part: Inline): ReactNode => {
    switch (part.type) {
      case "text":
        return words(part);
      case "code":
        return <code>{words(part)}</code>;
      case "mention":
        return (
          <span className="mention" title={text.slice(part.from, part.to)}>
            @<bdi>{part.name}</bdi>
          </span>
        );
      case "link":
        if (!hasLinks) return <bdi>{words(part)}</bdi>;
        return (
          <button
            type="button"
            className="link inline wrap-anywhere"
            title={part.url}
            data-url={part.url}
            onClick={() => openLink(part.url)}
          >
            <bdi>{words(part)}</bdi>
          </button>
        );
      default: {
        const Tag = TAGS[part.type];
        return <Tag>{inline(part.parts)}</Tag>;
      }
    }
  };
  const item = ({ parts, number }: Item, index: number) => (
    <li key={index} {...(number !== "" && { value: Number(number) })}>
      {inline(parts)}
    </li>
  );
  const block = (each: Block): ReactNode => {
    if ("items" in each) {
      const items = each.items.map(item);
      return each.type === "bullets" ? <ul>{items}</ul> : <ol>{items}</ol>;
    }
    if (each.type === "quote") return <blockquote>{inline(each.parts)}</blockquote>;
    return blocks.length === 1 ? inline(each.parts) : <p>{inline(each.parts)}</p>;
  };
  // One paragraph stays a part of its line, so that the time can stand beside its end.
  const Tag = blocks.length > 1 || (blocks[0]?.type ?? "lines") !== "lines" ? "div" : "span";
  return (
    <Tag id={id} data-testid={testId} className={`said ${className}`}>
      {blocks.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text never move
        <Fragment key={index}>{block(each)}</Fragment>
      ))}
      {end}
    </Tag>
  );
}

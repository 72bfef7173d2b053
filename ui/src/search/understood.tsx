// What a query was taken for, in words: shown where nothing was found, so that one sees what to let go of.
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { formatDate, formatMonth } from "../app/format";
import { isDate, type Piece, pieces } from "./query";

const HAS: Readonly<Record<string, MessageDescriptor>> = {
  link: msg`with a link`,
  media: msg`with a photo, video, recording or file`,
  document: msg`with a file`,
  image: msg`with a photo`,
  video: msg`with a video`,
  voice: msg`with a voice message`,
  audio: msg`with an audio file`,
  location: msg`with a place`,
  contact: msg`with a contact`,
  poll: msg`with a poll`,
  sticker: msg`with a sticker`,
};

const SAME: Readonly<Record<string, string>> = {
  links: "link",
  url: "link",
  file: "document",
  files: "document",
  documents: "document",
  photo: "image",
  photos: "image",
  picture: "image",
  images: "image",
  videos: "video",
  place: "location",
};

/** Each thing that a message must be, with what would do in its place. */
function understood(input: string): ReactNode[][] {
  const groups: { parts: ReactNode[]; without: boolean }[] = [];
  let joins = false;
  for (const piece of pieces(input)) {
    if (piece.type === "or") {
      joins = groups.length > 0;
      continue;
    }
    if (piece.type === "unfinished" || piece.text.trim() === "") {
      joins = false;
      continue;
    }
    const part = partOf(piece);
    const last = groups.at(-1);
    if (joins && last !== undefined && last.without === piece.without && !isTime(piece))
      last.parts.push(part);
    else groups.push({ parts: [part], without: piece.without });
    joins = false;
  }
  return groups.map((group) => group.parts);
}

function isTime(piece: Piece): boolean {
  return (
    piece.type === "filter" && (piece.name === "before" || piece.name === "after" || piece.name === "on")
  );
}

function partOf(piece: Piece): ReactNode {
  const { type, text, without } = piece;
  if (type === "word") {
    return without ? <Trans>without {quoted(text)}</Trans> : <Trans>with {quoted(text)}</Trans>;
  }
  if (type === "phrase") {
    return without ? (
      <Trans>without {quoted(text)}, the words in this order</Trans>
    ) : (
      <Trans>with {quoted(text)}, the words in this order</Trans>
    );
  }
  const filter = filterOf(piece);
  return without ? <Trans>not {filter}</Trans> : filter;
}

function filterOf({ name, text }: Piece): ReactNode {
  const value = text.trim().toLowerCase();
  switch (name) {
    case "from":
      return value === "me" ? <Trans>sent by you</Trans> : <Trans>from {quoted(text)}</Trans>;
    case "in":
      return <Trans>in a chat called {quoted(text)}</Trans>;
    case "account":
      return <Trans>of the account {quoted(text)}</Trans>;
    case "before":
      return <Trans>sent before {dateWords(value)}</Trans>;
    case "after":
      return <Trans>sent after {dateWords(value)}</Trans>;
    case "on":
      return <Trans>sent on {dateWords(value)}</Trans>;
    case "is":
      if (value === "starred") return <Trans>starred</Trans>;
      return value === "forwarded" ? <Trans>forwarded</Trans> : <Trans>sent by you</Trans>;
    default: {
      const known = HAS[kindOf(value)];
      return known === undefined ? <Trans>of the kind {quoted(value)}</Trans> : i18n._(known);
    }
  }
}

function quoted(text: string): ReactNode {
  return (
    <Trans>
      “<bdi className="wrap-anywhere">{text}</bdi>”
    </Trans>
  );
}

/** The kind that a filter's value means: `photos` is `image`. */
export function kindOf(value: string): string {
  return SAME[value] ?? value;
}

/** `2024-05-31`, `2024-05`, `2024` or `today` as people write it. */
export function dateWords(value: string): string {
  const text = value.toLowerCase();
  if (text === "today") return t`Today`;
  if (text === "yesterday") return t`Yesterday`;
  if (!isDate(text)) return text;
  const [year = 0, month, day] = text.split(/[-/.]/).map(Number);
  const date = new Date(2_000, 0, 1);
  date.setFullYear(year, (month ?? 1) - 1, day ?? 1);
  if (day !== undefined) return formatDate(date.getTime());
  if (month !== undefined) return formatMonth(date.getTime());
  return String(year);
}

export function Understood({ text }: { text: string }) {
  return (
    <ul className="list-disc ps-5" data-testid="understood">
      {understood(text).map((parts, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one query never move
        <li key={index}>{parts.reduce(either)}</li>
      ))}
    </ul>
  );
}

function either(before: ReactNode, part: ReactNode): ReactNode {
  return (
    <Trans>
      {before}, or {part}
    </Trans>
  );
}

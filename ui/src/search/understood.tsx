// What a query was taken for, in words: shown where nothing was found, so that one sees what to let go of.
import { formatDate, formatMonth } from "../app/format";
import { isDate, type Piece, pieces } from "./query";

const HAS: Readonly<Record<string, string>> = {
  link: "with a link",
  media: "with a photo, video, recording or file",
  document: "with a file",
  image: "with a photo",
  video: "with a video",
  voice: "with a voice message",
  audio: "with an audio file",
  location: "with a place",
  contact: "with a contact",
  poll: "with a poll",
  sticker: "with a sticker",
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

type Part = { lead: string; quote?: string; tail?: string };

/** Each thing that a message must be, with what would do in its place. */
export function understood(input: string): Part[][] {
  const groups: { parts: Part[]; without: boolean }[] = [];
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

function partOf({ type, name, text, without }: Piece): Part {
  const not = without ? "not " : "";
  if (type === "word") return { lead: without ? "without" : "with", quote: text };
  if (type === "phrase") {
    return { lead: without ? "without" : "with", quote: text, tail: ", the words in this order" };
  }
  const value = text.trim().toLowerCase();
  switch (name) {
    case "from":
      return value === "me" ? { lead: `${not}sent by you` } : { lead: `${not}from`, quote: text };
    case "in":
      return { lead: `${not}in a chat called`, quote: text };
    case "account":
      return { lead: `${not}of the account`, quote: text };
    case "before":
    case "after":
    case "on":
      return {
        lead: `${not}sent ${name === "on" && !/^\d/.test(value) ? "" : `${name} `}${dateWords(value)}`,
      };
    case "is":
      return { lead: not + (value === "starred" || value === "forwarded" ? value : "sent by you") };
    default:
      return { lead: not + hasWords(value) };
  }
}

export function hasWords(value: string): string {
  return HAS[SAME[value] ?? value] ?? `of the kind ${value}`;
}

/** `2024-05-31`, `2024-05`, `2024` or `today` as people write it. */
export function dateWords(value: string): string {
  const text = value.toLowerCase();
  if (!isDate(text) || !/^\d/.test(text)) return text;
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
        <li key={index}>
          {parts.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one query never move
            <span key={place}>
              {place > 0 && ", or "}
              {part.lead}
              {part.quote !== undefined && (
                <>
                  {" “"}
                  <bdi className="wrap-anywhere">{part.quote}</bdi>”
                </>
              )}
              {part.tail}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

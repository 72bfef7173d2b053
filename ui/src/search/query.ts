// What a person types into a search field, cut as the core cuts it (crates/mirror/src/search/query): the chips
// show what stands in the text and write into it, so that there is one query and not two.

export type Piece = {
  type: "or" | "word" | "phrase" | "filter" | "unfinished";
  /** The filter's name in small letters; empty for words. */
  name: string;
  /** What is looked for, without quotes. */
  text: string;
  without: boolean;
  /** Where it stands in the input, in UTF-16 code units. */
  from: number;
  to: number;
};

const SPACE = /[\s\p{Cc}]/u;
const QUOTE = /["“”„‟«»「」]/u;
const ENDS_A_WORD = /[\s\p{Cc}"“”„‟«»「」]/u;

const NAMES = new Set(["from", "in", "account", "has", "is", "type", "before", "after", "on"]);

const KINDS = new Set(
  (
    "text image video audio voice document sticker location contact poll call system unknown " +
    "file files documents photo photos picture images videos place"
  ).split(" "),
);
const HAS = new Set([...KINDS, "link", "links", "url", "media"]);
const IS = new Set(["starred", "forwarded", "from-me", "mine", "sent"]);

export function pieces(input: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  while (at < input.length) {
    if (SPACE.test(input.charAt(at))) {
      at += 1;
      continue;
    }
    const piece = next(input, at);
    found.push(piece);
    at = piece.to;
  }
  return found;
}

function next(input: string, from: number): Piece {
  const without =
    input.charAt(from) === "-" && from + 1 < input.length && !SPACE.test(input.charAt(from + 1));
  const start = without ? from + 1 : from;
  const base = { name: "", without, from };
  if (QUOTE.test(input.charAt(start))) {
    const { text, to } = quoted(input, start);
    return { ...base, type: "phrase", text, to };
  }
  const rest = input.slice(start);
  const length = rest.search(ENDS_A_WORD);
  const word = length === -1 ? rest : rest.slice(0, length);
  const end = start + word.length;
  if (word === "OR" && !without) return { ...base, type: "or", text: word, to: end };
  const colon = /^([a-z]+):/i.exec(word);
  if (colon !== null) {
    const name = (colon[1] ?? "").toLowerCase();
    const value = word.slice(colon[0].length);
    const isQuoted = value === "" && QUOTE.test(input.charAt(end));
    const { text, to } = isQuoted ? quoted(input, end) : { text: value, to: end };
    if (NAMES.has(name)) {
      if (text.trim() === "") return { ...base, type: "unfinished", name, text: "", to };
      if (means(name, text.trim().toLowerCase())) return { ...base, type: "filter", name, text, to };
    }
    // No filter: the words as they stand; the quotes of `note:"to self"` make it a phrase.
    return { ...base, type: isQuoted ? "phrase" : "word", text: isQuoted ? text : word, to };
  }
  return { ...base, type: "word", text: word, to: end };
}

/** What stands between the quotes, to the end where there is no second one. */
function quoted(input: string, at: number): { text: string; to: number } {
  const length = input.slice(at + 1).search(QUOTE);
  if (length === -1) return { text: input.slice(at + 1), to: input.length };
  return { text: input.slice(at + 1, at + 1 + length), to: at + length + 2 };
}

function means(name: string, value: string): boolean {
  if (name === "from" || name === "in" || name === "account") return true;
  if (name === "has" || name === "type") return (name === "has" ? HAS : KINDS).has(value);
  if (name === "is") return IS.has(value);
  return isDate(value);
}

/** A day, a month or a year, as `before:`, `after:` and `on:` take them. */
export function isDate(value: string): boolean {
  if (value === "today" || value === "yesterday") return true;
  const match = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(value);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  const date = new Date(2_000, 0, 1);
  date.setFullYear(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day && month >= 1;
}

/** Whether there is nothing to look for yet: a filter without its value keeps nothing away. */
export function isEmpty(input: string): boolean {
  return !pieces(input).some(
    (piece) =>
      piece.type === "filter" ||
      ((piece.type === "word" || piece.type === "phrase") && /[\p{L}\p{N}\p{S}]/u.test(piece.text)),
  );
}

/** The values of a filter, in the order in which they were typed. */
export function values(input: string, ...names: string[]): Piece[] {
  return pieces(input).filter(
    (piece) => piece.type === "filter" && !piece.without && names.includes(piece.name),
  );
}

/** The text without what these filters say. */
export function without(input: string, drop: (piece: Piece) => boolean): string {
  let text = "";
  let at = 0;
  for (const piece of pieces(input)) {
    if (!drop(piece)) continue;
    text += input.slice(at, piece.from);
    at = piece.to;
  }
  return tidy(text + input.slice(at));
}

/** The text with a filter at its end, ready for the next word. */
export function withFilter(input: string, name: string, value: string): string {
  const text = value.replaceAll(new RegExp(QUOTE, "gu"), " ").trim();
  const written = /^[\p{L}\p{N}_.+@/-]+$/u.test(text) ? text : `"${text}"`;
  // A filter that was begun with the keys is finished by the chip.
  const begun = without(input, (piece) => piece.type === "unfinished");
  return `${begun === "" ? "" : `${begun} `}${name}:${written} `;
}

function tidy(text: string): string {
  return text.replaceAll(/ {2,}/g, " ").trim();
}

// Finds links in text. Only http, https and mailto: nothing else is ever clickable, and the core checks again.

export type Piece = { type: "text"; text: string } | { type: "link"; text: string; url: string };

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u00ab\u00bb\u2018-\u201f\u2028\u2029]{1,2000}/giu;

const TRAILING = /[.,;:!?…。、，！？।)\]}*_~]$/u;

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const url = trimEnd(match[0]);
    if (!isOpenable(url)) continue;
    if (match.index > from) pieces.push({ type: "text", text: text.slice(from, match.index) });
    pieces.push({ type: "link", text: url, url });
    from = match.index + url.length;
  }
  if (from < text.length) pieces.push({ type: "text", text: text.slice(from) });
  return pieces;
}

/** Without the punctuation that ends the sentence and not the address; a bracket stays when its other half is in it. */
function trimEnd(found: string): string {
  let url = found;
  while (TRAILING.test(url)) {
    const last = url.at(-1) ?? "";
    const opening = PAIRS[last];
    if (opening !== undefined && count(url, opening) >= count(url, last)) break;
    url = url.slice(0, -1);
  }
  return url;
}

function isOpenable(url: string): boolean {
  try {
    const parsed = new URL(url);
    if (parsed.protocol === "mailto:") return parsed.pathname.includes("@");
    return (parsed.protocol === "https:" || parsed.protocol === "http:") && parsed.hostname !== "";
  } catch {
    return false;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

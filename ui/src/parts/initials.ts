const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** One or two signs for a name: first letters of two words, or the first two letters; one sign for ideographs. */
export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}\s]/gu, " ")
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const [first, second] = words;
  if (first === undefined) return "#";
  const signs = [...segmenter.segment(first)].map((piece) => piece.segment);
  const sign = signs[0] ?? "#";
  if (
    /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic}/u.test(
      sign,
    )
  ) {
    return sign;
  }
  if (/\p{N}/u.test(sign)) return words.join("").slice(-2);
  const next = second === undefined ? undefined : [...segmenter.segment(second)][0]?.segment;
  if (next !== undefined && /\p{L}|\p{N}/u.test(next)) return (sign + next).toLocaleUpperCase();
  return (
    words.length === 1 && signs.length > 1 && isLatinLike(first) ? sign + signs[1] : sign
  ).toLocaleUpperCase();
}

/** Always the same colour for the same address. */
export function colourOf(seed: string, colours: number): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < seed.length; index++) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 16_777_619);
  }
  return (hash >>> 0) % colours;
}

function isLatinLike(word: string): boolean {
  return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word);
}

// Telephone numbers as people read them: the country's code, then the rest in groups. Where an area ends only
// each country's own plan knows, so the groups are for the eye alone.

/** Codes of one and of two digits; all others have three. */
const SHORT = new Set(
  (
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 " +
    "81 82 84 86 90 91 92 93 94 95 98"
  ).split(" "),
);

/** `+4915111111111` as `+49 151 111 111 11`; what is no such number stays as it is. */
export function formatPhone(number: string): string {
  if (!/^\+\d{7,15}$/.test(number)) return number;
  const digits = number.slice(1);
  const length = [1, 2].find((count) => SHORT.has(digits.slice(0, count))) ?? 3;
  const rest = digits.slice(length);
  return `+${digits.slice(0, length)} ${grouped(rest).join(" ")}`;
}

/** By three; what would be left alone joins the group before. */
function grouped(digits: string): string[] {
  const groups = digits.match(/.{1,3}/g) ?? [];
  const last = groups.at(-1);
  const before = groups.at(-2);
  if (last?.length === 1 && before !== undefined) return [...groups.slice(0, -2), before + last];
  return groups;
}

// Keys that are pressed together, written as `Mod+Shift+F`. `Mod` is ⌘ on a Mac and Ctrl elsewhere; `Ctrl` is
// that key everywhere. Compared with what a key means, and for letters and digits of other scripts and layouts
// with where it lies: on a Cyrillic keyboard Ctrl+F is the same key under another sign.
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

export type Chord = { key: string; mod: boolean; ctrl: boolean; alt: boolean; shift: boolean };

/** What of a pressed key is looked at. */
export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

export const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Stands for any digit but 0. */
export const NTH = "1…9";

/** Signs that another sign's key may bring, with Shift or without. */
const SIGNS: Readonly<Record<string, readonly string[]>> = { Plus: ["+", "="], Minus: ["-", "_"] };

export function parse(text: string): Chord {
  const words = text.split("+");
  const key = words.pop() ?? "";
  const has = (word: string) => words.includes(word);
  return { key, mod: has("Mod"), ctrl: has("Ctrl"), alt: has("Alt"), shift: has("Shift") };
}

export function matches(chord: Chord, pressed: Pressed, mac = onMac): boolean {
  const { key } = chord;
  if (pressed.ctrlKey !== (chord.ctrl || (chord.mod && !mac))) return false;
  if (pressed.metaKey !== (chord.mod && mac)) return false;
  if (pressed.altKey !== chord.alt) return false;
  if (isSign(key)) return (SIGNS[key] ?? [key]).includes(pressed.key);
  if (pressed.shiftKey !== chord.shift) return false;
  if (key === NTH) return nth(pressed) !== null;
  if (/^[A-Z]$/.test(key)) return letter(pressed) === key;
  if (/^\d$/.test(key)) return digit(pressed) === Number(key);
  return pressed.key === key;
}

/** The digit that was pressed, but 0. */
export function nth(pressed: Pressed): number | null {
  const found = digit(pressed);
  return found === 0 ? null : found;
}

/** Pressed alone it is something that one could mean to write: WCAG 2.1.4 wants those to be switched off. */
export function isSingleSign({ key, mod, ctrl, alt }: Chord): boolean {
  return !mod && !ctrl && !alt && (key.length === 1 || isSign(key));
}

/** Without Ctrl and Alt most keys belong to the field that one types into; function keys never do. */
export function isForFields({ key, mod, ctrl, alt }: Chord): boolean {
  return mod || ctrl || alt || /^F\d+$/.test(key);
}

function letter({ key, code }: Pressed): string {
  const sign = key.toUpperCase();
  if (/^[A-Z]$/.test(sign)) return sign;
  return /^Key([A-Z])$/.exec(code)?.[1] ?? "";
}

function digit({ key, code }: Pressed): number | null {
  const found = /^\d$/.test(key) ? key : /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  return found === undefined ? null : Number(found);
}

/** Which keys bring a sign differs from layout to layout, Shift among them. */
function isSign(key: string): boolean {
  return Object.hasOwn(SIGNS, key) || (key.length === 1 && !/[A-Z\d]/.test(key));
}

const NAMES: Readonly<Record<string, string | MessageDescriptor>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: msg`Page Up`,
  PageDown: msg`Page Down`,
  Home: msg`Home`,
  End: msg`End`,
  Delete: msg`Delete`,
  Escape: msg`Esc`,
  ContextMenu: msg`Menu`,
  Plus: "+",
  Minus: "−",
};

/** The keys as they stand on them, in the order in which people press them. */
export function keysOf({ key, mod, ctrl, alt, shift }: Chord, mac = onMac): string[] {
  const known = NAMES[key] ?? key;
  const name = typeof known === "string" ? known : i18n._(known);
  const held: [boolean, string, string][] = [
    [ctrl || (mod && !mac), t`Ctrl`, "⌃"],
    [alt, t`Alt`, "⌥"],
    [shift, t`Shift`, "⇧"],
    [mod && mac, "", "⌘"],
  ];
  return [...held.filter(([is]) => is).map(([, word, sign]) => (mac ? sign : word)), name];
}

/** The same in one word, for titles: `Ctrl+Shift+F`, `⇧⌘F`. */
export function spell(chord: Chord, mac = onMac): string {
  return keysOf(chord, mac).join(mac ? "" : "+");
}

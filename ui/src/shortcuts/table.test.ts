import { describe, expect, it } from "vitest";
import { isSingleSign, spell } from "./chord";
import { shortcutsOf } from "./table";

// The column "Ours" of the agreed table, as it is spelled on a keyboard without ⌘. Home and End belong to
// whatever is scrolled.
const AGREED: readonly [string, string][] = [
  ["search", "Ctrl+F"],
  ["searchChat", "Ctrl+Shift+F"],
  ["switcher", "Ctrl+K"],
  ["nextChat", "Alt+↓"],
  ["previousChat", "Alt+↑"],
  ["nextChat", "Ctrl+Tab"],
  ["previousChat", "Ctrl+Shift+Tab"],
  ["nextChat", "Ctrl+Page Down"],
  ["previousChat", "Ctrl+Page Up"],
  ["nextUnread", "Alt+Shift+↓"],
  ["previousUnread", "Alt+Shift+↑"],
  ["nthChat", "Ctrl+1…9"],
  ["nextPane", "F6"],
  ["previousPane", "Shift+F6"],
  ["settings", "Ctrl+,"],
  ["archive", "Ctrl+Shift+A"],
  ["unarchive", "Ctrl+Shift+U"],
  ["menu", "Shift+F10"],
  ["menu", "Menu"],
  ["markRead", "Ctrl+R"],
  ["sync", "F5"],
  ["sheet", "Ctrl+/"],
  ["sheet", "?"],
  ["larger", "Ctrl++"],
  ["smaller", "Ctrl+−"],
  ["usualSize", "Ctrl+0"],
];

describe.each([
  ["a Mac", true],
  ["other keyboards", false],
])("the table for %s", (_, mac) => {
  const shortcuts = shortcutsOf(mac).flatMap((group) => group.shortcuts);

  it("gives no keys two meanings", () => {
    const all = shortcuts.flatMap(({ chords }) => chords.map((chord) => spell(chord, mac)));
    expect(all.filter((keys, index) => all.indexOf(keys) !== index)).toEqual([]);
  });

  it("names each once, and gives each keys", () => {
    const names = shortcuts.map(({ name }) => name.message);
    expect(new Set(names).size).toBe(names.length);
    expect(shortcuts.filter(({ chords }) => chords.length === 0)).toEqual([]);
  });

  it("leaves nothing to be reached by a sign alone, which may be switched off", () => {
    const only = shortcuts.filter(({ chords }) => chords.every(isSingleSign));
    expect(only.map(({ id }) => id)).toEqual([]);
  });
});

it.each(AGREED)("%s is %s", (id, keys) => {
  const shortcut = shortcutsOf(false)
    .flatMap((group) => group.shortcuts)
    .find((each) => each.id === id);
  expect(shortcut?.chords.map((chord) => spell(chord, false))).toContain(keys);
});

it("means ⌘ on a Mac where Ctrl is meant elsewhere, but for the keys that are Ctrl's there too", () => {
  const spelled = shortcutsOf(true).flatMap((group) =>
    group.shortcuts.flatMap(({ id, chords }) => chords.map((chord) => `${id} ${spell(chord, true)}`)),
  );
  const agreed = ["search ⌘F", "switcher ⌘K", "settings ⌘,", "menu ⌘F12", "nextChat ⌃Tab", "archive ⇧⌘A"];
  expect(spelled).toEqual(expect.arrayContaining(agreed));
});

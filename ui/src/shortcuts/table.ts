// Every shortcut of the window: from this table the keys are dispatched and the sheet is drawn. What a key does
// stands where it is done, under the same id (`useShortcut`). The keys are those of Signal, Telegram and Delta
// Chat, so that hands find what they know.
//
// Not here: what every list, field and dialog does by itself (arrows, Enter, Tab, Esc in a field).
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { type Chord, onMac, parse } from "./chord";

type Entry = {
  name: MessageDescriptor;
  keys: readonly string[];
  /** On a Mac, where it is not the same with ⌘ for Ctrl. */
  mac?: readonly string[];
};

type Group = { name: MessageDescriptor; entries: Readonly<Record<string, Entry>> };

const TABLE = {
  everywhere: {
    name: msg`Everywhere`,
    entries: {
      search: { name: msg`Search all messages`, keys: ["Mod+F"] },
      switcher: { name: msg`Go to a chat, a person or a message`, keys: ["Mod+K"] },
      settings: { name: msg`Settings`, keys: ["Mod+,"] },
      sync: { name: msg`Sync now`, keys: ["F5"] },
      nextPane: { name: msg`Next part of the window`, keys: ["F6"] },
      previousPane: { name: msg`Previous part of the window`, keys: ["Shift+F6"] },
      larger: { name: msg`Larger`, keys: ["Mod+Plus"] },
      smaller: { name: msg`Smaller`, keys: ["Mod+Minus"] },
      usualSize: { name: msg`Usual size`, keys: ["Mod+0"] },
      sheet: { name: msg`This sheet`, keys: ["Mod+/", "?"] },
    },
  },
  chats: {
    name: msg`Chats`,
    entries: {
      nextChat: { name: msg`Next chat`, keys: ["Alt+ArrowDown", "Ctrl+Tab", "Ctrl+PageDown"] },
      previousChat: { name: msg`Previous chat`, keys: ["Alt+ArrowUp", "Ctrl+Shift+Tab", "Ctrl+PageUp"] },
      nextUnread: { name: msg`Next unread chat`, keys: ["Alt+Shift+ArrowDown"] },
      previousUnread: { name: msg`Previous unread chat`, keys: ["Alt+Shift+ArrowUp"] },
      nthChat: { name: msg`First to ninth chat`, keys: ["Mod+1…9"] },
      archive: { name: msg`Archive the chat`, keys: ["Mod+Shift+A"] },
      unarchive: { name: msg`Take the chat out of the archive`, keys: ["Mod+Shift+U"] },
      markRead: { name: msg`Mark the chat as read`, keys: ["Mod+R"] },
      menu: {
        name: msg`Menu of the chat or the message`,
        keys: ["Shift+F10", "ContextMenu"],
        mac: ["Mod+F12", "Shift+F10"],
      },
      close: { name: msg`Close the chat, or back to the hits`, keys: ["Escape"] },
    },
  },
  messages: {
    name: msg`Messages`,
    entries: {
      searchChat: { name: msg`Search in this chat`, keys: ["Mod+Shift+F"] },
      nextHit: { name: msg`Next hit in this chat`, keys: ["F3"], mac: ["Mod+G", "F3"] },
      previousHit: {
        name: msg`Previous hit in this chat`,
        keys: ["Shift+F3"],
        mac: ["Mod+Shift+G", "Shift+F3"],
      },
      newest: { name: msg`To the newest message`, keys: ["Mod+J"] },
      details: { name: msg`Details of the message`, keys: ["Mod+D"] },
    },
  },
} as const satisfies Readonly<Record<string, Group>>;

type Groups = typeof TABLE;

export type ShortcutId = { [Name in keyof Groups]: keyof Groups[Name]["entries"] }[keyof Groups];

export type Shortcut = { id: ShortcutId; name: MessageDescriptor; chords: readonly Chord[] };

/** The table for one kind of keyboard. */
export function shortcutsOf(mac: boolean): { name: MessageDescriptor; shortcuts: Shortcut[] }[] {
  return Object.values<Group>(TABLE).map(({ name, entries }) => ({
    name,
    shortcuts: Object.entries(entries).map(([id, entry]) => ({
      id: id as ShortcutId,
      name: entry.name,
      chords: ((mac ? entry.mac : undefined) ?? entry.keys).map(parse),
    })),
  }));
}

export const GROUPS = shortcutsOf(onMac);

export const SHORTCUTS: readonly Shortcut[] = GROUPS.flatMap(({ shortcuts }) => shortcuts);

/** The first keys of a shortcut, for titles and menus. */
export function chordOf(id: ShortcutId): Chord {
  const chord = SHORTCUTS.find((shortcut) => shortcut.id === id)?.chords[0];
  if (chord === undefined) throw new Error(`no shortcut ${id}`);
  return chord;
}

import type { IconName } from "./icon";

export type KindName = { words: string; icon: IconName };

const KINDS: Readonly<Record<string, KindName>> = {
  image: { words: "Photo", icon: "image" },
  video: { words: "Video", icon: "video" },
  audio: { words: "Audio", icon: "audio" },
  voice: { words: "Voice message", icon: "voice" },
  document: { words: "Document", icon: "document" },
  sticker: { words: "Sticker", icon: "sticker" },
  location: { words: "Location", icon: "place" },
  contact: { words: "Contact", icon: "person" },
  poll: { words: "Poll", icon: "poll" },
  call: { words: "Call", icon: "call" },
};

/** What people call a kind of message, and its drawing; nothing for words alone and for kinds without a name. */
export function kindName(kind: string): KindName | null {
  return Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? null) : null;
}

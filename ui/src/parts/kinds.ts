import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { IconName } from "./icon";

export type KindName = { words: string; icon: IconName };

const KINDS: Readonly<Record<string, { words: MessageDescriptor; icon: IconName }>> = {
  image: { words: msg`Photo`, icon: "image" },
  video: { words: msg`Video`, icon: "video" },
  audio: { words: msg`Audio`, icon: "audio" },
  voice: { words: msg`Voice message`, icon: "voice" },
  document: { words: msg`Document`, icon: "document" },
  sticker: { words: msg`Sticker`, icon: "sticker" },
  location: { words: msg`Location`, icon: "place" },
  contact: { words: msg`Contact`, icon: "person" },
  poll: { words: msg`Poll`, icon: "poll" },
  call: { words: msg`Call`, icon: "call" },
};

/** What people call a kind of message, and its drawing; nothing for words alone and for kinds without a name. */
export function kindName(kind: string): KindName | null {
  const named = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return named === undefined ? null : { words: i18n._(named.words), icon: named.icon };
}

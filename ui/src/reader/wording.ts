// Messages as plain text, for the clipboard: as they were typed, with the names of those whom
// they mention and what stands for things that are no words.
import { t } from "@lingui/core/macro";
import { formatMoment } from "../app/format";
import type { Message } from "../bindings";
import { kindName } from "../parts/kinds";
import { spelledOut } from "../parts/mentioned";

/** The words of a message, or what it is where it has none. */
export function wordsOf(message: Message): string {
  const { kind, media, place, poll, cards } = message;
  const text = spelledOut(message.text, message.mentions);
  if (message.deleted) return t`This message was deleted`;
  if (place !== null) {
    const at = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
    return [place.name, place.address, at].filter((line) => line !== "").join("\n");
  }
  if (cards.length > 0) return cards.map((card) => `${card.name} ${card.phone}`.trim()).join("\n");
  if (poll !== null) return [text, ...poll.options.map((option) => `- ${option}`)].join("\n");
  if (text !== "") return text;
  if (media !== null && media.media_type === "document" && media.file_name !== "") return media.file_name;
  return kindName(kind)?.words ?? "";
}

/** With who said it and when, in one line before it. */
export function withSender(message: Message): string {
  const who = message.from_me ? t`You` : message.sender?.name;
  const head = [formatMoment(message.at), who].filter((word) => word !== undefined).join(", ");
  return `${head}:\n${wordsOf(message)}`;
}

/** Several messages, one below the other. */
export function conversation(messages: readonly Message[]): string {
  return messages.map(withSender).join("\n\n");
}

// Rules and plans in words.
import { formatBytes, formatDate, plural } from "../app/format";
import type { Freed, KeepRule, SelectionPlan, SelectionView } from "../bindings";

/** What one rule keeps. */
export function ruleWords(rule: KeepRule): string {
  if (!rule.included) return "Not kept here";
  const far = rule.since === null ? "Everything" : `From ${formatDate(rule.since)} on`;
  return rule.media ? far : `${far}, without media`;
}

/** What is kept of an account, as one line. */
export function selectionWords({ rule, chats }: SelectionView): string {
  if (!rule.included) {
    const kept = chats.filter((chat) => chat.rule.included).length;
    return kept === 0 ? "Nothing is kept here" : `Only ${plural(kept, "chosen chat", "chosen chats")}`;
  }
  const most = ruleWords(rule);
  return chats.length === 0 ? most : `${most}; ${plural(chats.length, "chat", "chats")} differently`;
}

export function freesAnything({ chats, messages, media, bytes }: Freed): boolean {
  return chats + messages + media + bytes > 0;
}

/** How much goes: `1,204 messages and 81 files of 3 chats (12 MB)`. */
export function freedWords({ chats, messages, media, bytes }: Freed): string {
  const what = [
    messages > 0 ? plural(messages, "message", "messages") : "",
    media > 0 ? plural(media, "file", "files") : "",
  ].filter((part) => part !== "");
  const whose = chats > 0 ? ` of ${plural(chats, "chat", "chats")}` : "";
  const room = bytes > 0 ? ` (${formatBytes(bytes)})` : "";
  return `${what.join(" and ")}${whose}${room}`.trim();
}

/** What applying a choice will do. */
export function planWords({ frees, fetches }: SelectionPlan, from: string): string {
  const parts = [
    freesAnything(frees) ? `Removes ${freedWords(frees)} from ${from}.` : "",
    fetches ? "Brings what is missing." : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "Nothing that is here changes." : parts.join(" ");
}

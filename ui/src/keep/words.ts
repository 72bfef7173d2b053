// Rules and plans in words.
import { plural, t } from "@lingui/core/macro";
import { formatBytes, formatDate, formatList } from "../app/format";
import type { Freed, KeepRule, SelectionPlan, SelectionView } from "../bindings";

/** What one rule keeps. */
export function ruleWords(rule: KeepRule): string {
  if (!rule.included) return t`Not kept here`;
  const far = rule.since === null ? t`Everything` : t`From ${formatDate(rule.since)} on`;
  return rule.media ? far : t`${far}, without media`;
}

/** What is kept of an account, as one line. */
export function selectionWords({ rule, chats }: SelectionView): string {
  if (!rule.included) {
    const kept = chats.filter((chat) => chat.rule.included).length;
    return kept === 0
      ? t`Nothing is kept here`
      : plural(kept, { one: "Only # chosen chat", other: "Only # chosen chats" });
  }
  const most = ruleWords(rule);
  if (chats.length === 0) return most;
  return plural(chats.length, {
    one: `${most}; # chat differently`,
    other: `${most}; # chats differently`,
  });
}

export function freesAnything({ chats, messages, media, bytes }: Freed): boolean {
  return chats + messages + media + bytes > 0;
}

/** How much goes: `1,204 messages and 81 files of 3 chats (12 MB)`. */
export function freedWords({ chats, messages, media, bytes }: Freed): string {
  const what = formatList(
    [
      messages > 0 ? plural(messages, { one: "# message", other: "# messages" }) : "",
      media > 0 ? plural(media, { one: "# file", other: "# files" }) : "",
    ].filter((part) => part !== ""),
  );
  const whose = chats > 0 ? plural(chats, { one: `${what} of # chat`, other: `${what} of # chats` }) : what;
  const room = formatBytes(bytes);
  return (bytes > 0 ? t`${whose} (${room})` : whose).trim();
}

/** What applying a choice will do. */
export function planWords({ frees, fetches }: SelectionPlan, from: string): string {
  const parts = [
    freesAnything(frees) ? t`Removes ${freedWords(frees)} from ${from}.` : "",
    fetches ? t`Brings what is missing.` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? t`Nothing that is here changes.` : parts.join(" ");
}

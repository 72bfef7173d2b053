// What the core answers of an archive: pages of chats and messages, and how much there is.
import type { Anchor, Chat, ChatChoice, ChatPage, ChatQuery, Message, MessagePage, Stats } from "../bindings";
import type { Archive } from "./archive";

export function chatPage(archive: Archive, query: ChatQuery): ChatPage {
  const text = query.text?.toLowerCase() ?? "";
  archive.chats.sort(inOrder);
  const mine = archive.chats.filter(
    ({ account_id }) => query.account_id === null || account_id === query.account_id,
  );
  const wanted = mine.filter(
    (chat: Chat) =>
      chat.name.toLowerCase().includes(text) &&
      (query.filter === "all" || chat.archived === (query.filter === "archived")) &&
      (query.filter !== "unread" || chat.unread > 0) &&
      (query.filter !== "groups" || chat.kind === "group"),
  );
  const from = Number(query.after ?? "0");
  const to = from + query.limit;
  return {
    chats: wanted.slice(from, to),
    next: to < wanted.length ? String(to) : null,
    archived: mine.filter((chat) => chat.archived).length,
  };
}

/** As the list has them: the pinned first, then by the last message. */
function inOrder(a: Chat, b: Chat): number {
  return Number(b.pinned) - Number(a.pinned) || (b.last_message_at ?? 0) - (a.last_message_at ?? 0);
}

/** A choice of the person's, taken as the core takes it. */
export function chosen(chat: Chat, choice: ChatChoice): Chat {
  switch (choice) {
    case "pin":
    case "unpin":
      return { ...chat, pinned: choice === "pin" };
    case "archive":
    case "unarchive":
      return { ...chat, archived: choice === "archive" };
    case "mute":
    case "unmute":
      return { ...chat, muted: choice === "mute" };
    default:
      return { ...chat, unread: 0 };
  }
}

export function messagePage(said: readonly Message[], anchor: Anchor, limit: number): MessagePage {
  let from = 0;
  if (anchor.at === "newest") from = said.length - limit;
  else if (anchor.at === "before") from = Number(anchor.value) - limit;
  else if (anchor.at === "after") from = Number(anchor.value);
  else if (anchor.at === "around")
    from = said.findIndex((each) => each.id === anchor.value) - Math.floor(limit / 2);
  else if (anchor.at === "date") from = said.findIndex((each) => each.at >= anchor.value);
  const end = anchor.at === "before" ? Number(anchor.value) : Math.max(0, from) + limit;
  const start = Math.max(0, from);
  const to = Math.min(said.length, end);
  return {
    messages: said.slice(start, to),
    older: start > 0 ? String(start) : null,
    newer: to < said.length ? String(to) : null,
  };
}

export function stats(archive: Archive, state: string): Stats {
  const none = state === "empty" || state === "first";
  const times = none ? 0 : state === "many" ? 53 : 1;
  return {
    conversations: archive.chats.length,
    messages: 248_913 * times,
    contacts: 1_180 * times,
    participants: 3_904 * times,
    media: 18_420 * times,
    receipts: 61_200 * times,
    bytes: {
      mirror: none ? 94_208 : 96_400_000 * times,
      search: none ? 20_480 : 31_000_000 * times,
      media: 0,
      wal: 412_000 * times,
    },
    path:
      state === "hostile"
        ? `/home/${"kim".repeat(40)}/\u202Eshare\u202C/threadkeep/db/mirror.db`
        : "/home/kim/.local/share/threadkeep/db/mirror.db",
    last_sync_at: none ? null : Date.now() - 240_000,
    search_behind: 0,
  };
}

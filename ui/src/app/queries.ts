// What the window asks of the core, each under one key, so that a change of the mirror can refresh it.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type ChatFilter, commands } from "../bindings";
import { call } from "./call";

/** Chats in the first page: more than any screen shows, little enough to arrive at once. */
const FIRST_CHATS = 200;

/** In each page behind it: whoever goes so far goes on. */
const MORE_CHATS = 1_000;

export const appStateQuery = queryOptions({
  queryKey: ["app"],
  queryFn: () => call(commands.appState()),
});

export const statsQuery = queryOptions({
  queryKey: ["stats"],
  queryFn: () => call(commands.statsRead()),
});

export const syncSettingsQuery = queryOptions({
  queryKey: ["settings", "sync"],
  queryFn: () => call(commands.syncSettingsRead()),
});

export const mediaSettingsQuery = queryOptions({
  queryKey: ["settings", "media"],
  queryFn: () => call(commands.mediaSettingsRead()),
});

export const runsQuery = queryOptions({
  queryKey: ["runs"],
  queryFn: () => call(commands.runList(8)),
});

export type ChatListKey = { filter: ChatFilter | null; text: string; account?: string | null };

export const chatsQuery = ({ filter, text, account = null }: ChatListKey) =>
  infiniteQueryOptions({
    queryKey: ["chats", "list", filter, text, account],
    queryFn: ({ pageParam }) =>
      call(
        commands.chatList({
          filter,
          text: text === "" ? null : text,
          account_id: account,
          after: pageParam,
          limit: pageParam === null ? FIRST_CHATS : MORE_CHATS,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

export const chatQuery = (id: string) =>
  queryOptions({
    queryKey: ["chats", "one", id],
    queryFn: () => call(commands.chatGet(id)),
  });

/** When the oldest message that is here was sent. */
export const sinceQuery = (id: string) =>
  queryOptions({
    queryKey: ["chats", "since", id],
    queryFn: async () => {
      const page = await call(commands.messageList(id, { at: "oldest" }, 1));
      return page.messages[0]?.at ?? null;
    },
  });

/** What is known of a message beside what the reader shows. */
export const messageDetailsQuery = (chatId: string, id: string) =>
  queryOptions({
    queryKey: ["chats", "message", chatId, id],
    queryFn: () => call(commands.messageDetails(chatId, id)),
  });

/** By whom a message is known. Its server is asked, so the details ask, and nothing else. */
export const messageSourcesQuery = (chatId: string, id: string) =>
  queryOptions({
    queryKey: ["chats", "sources", chatId, id],
    queryFn: () => call(commands.messageSources(chatId, id)),
    // An import may have come in the meantime.
    staleTime: 0,
    retry: false,
  });

/** Between which of these moments, and the next, something was said in a chat. */
export const activityQuery = (chatId: string, bounds: number[]) =>
  queryOptions({
    queryKey: ["chats", "activity", chatId, bounds[0], bounds.at(-1), bounds.length],
    queryFn: () => call(commands.chatActivity(chatId, { bounds })),
  });

/** Where the request for older messages stands. The server is asked, so a chat's top asks, and nothing else. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["chats", "history", id],
    queryFn: () => call(commands.historyGet(id)),
  });

// The core's part, played by this folder: only in `vite --mode mock` and in tests, never in the bundle.
// `?state=` chooses what to see: full, empty, first, error, readonly, many, hostile, offline, silent, untold, slow,
// lost.
import type { Channel } from "@tauri-apps/api/core";
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import type {
  Anchor,
  AppState,
  ChatChoice,
  ChatQuery,
  Link,
  Run,
  Stats,
  Stretches,
  SyncProgress,
  SyncSettings,
  VerifyProgress,
} from "../bindings";
import { doers } from "../shortcuts/use-shortcut";
import { accountsOf, SAMPLE, SERVER } from "./accounts";
import { type Archive, makeArchive } from "./archive";
import { compare } from "./compare";
import { activity, detailsOf, sourcesOf } from "./details";
import { exporting } from "./export";
import { drawn, filing } from "./files";
import { hostileAccount, makeHostile } from "./hostile";
import { importing } from "./import";
import { keeping } from "./keep";
import { olderMessages } from "./older";
import { chatPage, chosen, messagePage, stats } from "./pages";
import { peopling } from "./people";
import { pull, runs } from "./pull";
import { searching } from "./search";
import { wait } from "./wait";

type Arguments = Record<string, unknown>;

export function installMock(query: URLSearchParams): void {
  const state = query.get("state") ?? "full";
  const pace = Number(query.get("pace") ?? "1");
  const archive: Archive =
    state === "first" || state === "empty"
      ? { chats: [], messages: new Map() }
      : makeArchive(state === "many");
  if (state === "hostile") makeHostile(archive);
  let accounts = accountsOf(state, query);
  if (state === "hostile") accounts = accounts.map(hostileAccount);
  // Where there are two, both have chats.
  const second = accounts[1];
  if (second !== undefined) {
    archive.chats = archive.chats.map((chat, at) =>
      at % 3 === 2 ? { ...chat, account_id: second.id } : chat,
    );
  }
  let syncSettings: SyncSettings = {
    streaming: true,
    recent_first: true,
    recent_chats: 50,
    recent_messages: 50,
  };
  let following = true;
  let cancelled = false;
  let change = 0;

  const say = (chats: string[], all: boolean) => emit("mirror-changed", { id: String(++change), chats, all });

  const search = searching(archive, query);
  const imports = importing(query, archive, state, pace);

  const handlers: Record<string, (given: Arguments) => unknown> = {
    ...search.handlers,
    ...imports.handlers,
    ...peopling(archive, search.behind),
    app_state: (): AppState => {
      if (state === "error") {
        throw { code: "held", message: "another Threadkeep uses this data folder; close it, then try again" };
      }
      return {
        version: "0.1.0",
        home: "/home/kim/.local/share/threadkeep",
        accounts,
        syncing: false,
        following,
        read_only:
          state === "readonly"
            ? {
                code: "mirror_newer",
                message:
                  "The files were written by a newer Threadkeep (schema 9, this one knows 4). Everything can be read, nothing is written",
              }
            : null,
      };
    },
    account_use_this_computer: () => {
      const account = {
        ...SERVER,
        server: "",
        display_name: "This computer",
        connection: "disconnected",
        last_sync_at: null,
        messages: 0,
      };
      accounts = [...accounts, account];
      return account;
    },
    account_connect: async ({ address, token }) => {
      await wait(400);
      if (!String(address).startsWith("http")) {
        throw {
          code: "bad_address",
          message: `"${String(address)}" is no address of a server; it should look like https://sync.example.org`,
        };
      }
      if (token !== "good") {
        throw {
          code: "unauthorized",
          message:
            "https://sync.example.org does not accept the token: it is wrong, expired or revoked; enter a new one; what is already here is safe",
        };
      }
      accounts = [...accounts, SERVER];
      return [SERVER];
    },
    account_remove: ({ accountId }) => {
      accounts = accounts.filter((account) => account.id !== accountId);
      return null;
    },
    sample_add: async () => {
      await wait(500);
      accounts = [...accounts, { ...SAMPLE, last_sync_at: null }];
      Object.assign(archive, makeArchive(false));
      return SAMPLE;
    },
    sample_remove: () => {
      accounts = accounts.filter((account) => !account.is_sample);
      return null;
    },
    sync_start: async ({ onProgress }) => {
      cancelled = false;
      const reports = await pull(
        onProgress as Channel<SyncProgress>,
        accounts[0]?.id ?? "1",
        pace,
        () => cancelled,
        state,
      );
      accounts = accounts.map((account) => ({ ...account, last_sync_at: Date.now() }));
      await say([], true);
      return reports;
    },
    following_set: ({ on }) => {
      following = on === true;
      const link: Link = { state: following ? "following" : "off", problem: null };
      accounts = accounts.map((account) => (account.is_sample ? account : { ...account, link }));
      return null;
    },
    verify_start: ({ onProgress }) => {
      cancelled = false;
      const channel = onProgress as Channel<VerifyProgress>;
      return compare(channel, accounts[0]?.id ?? "1", pace, () => cancelled, state === "lost");
    },
    sync_cancel: () => {
      cancelled = true;
      return null;
    },
    run_list: (): Run[] => (state === "empty" || state === "first" ? [] : runs()),
    sync_settings_read: (): SyncSettings => syncSettings,
    sync_settings_write: ({ settings }: Arguments): SyncSettings => {
      syncSettings = settings as SyncSettings;
      return syncSettings;
    },
    stats_read: (): Stats => ({ ...stats(archive, state), search_behind: search.behind() }),
    chat_list: ({ query: asked }) => chatPage(archive, asked as ChatQuery),
    chat_choose: async ({ id, choice }) => {
      const index = archive.chats.findIndex((each) => each.id === id);
      const chat = archive.chats[index];
      if (chat === undefined) throw { code: "no_chat", message: `there is no chat "${String(id)}" here` };
      const next = chosen(chat, choice as ChatChoice);
      archive.chats[index] = next;
      await say([next.id], false);
      return next;
    },
    chat_get: ({ id }) => {
      const chat = archive.chats.find((each) => each.id === id);
      if (chat === undefined) throw { code: "no_chat", message: `there is no chat "${String(id)}" here` };
      return chat;
    },
    message_details: ({ chatId, id }) => detailsOf(archive.messages.get(String(chatId)) ?? [], String(id)),
    message_sources: ({ chatId, id }) =>
      sourcesOf(archive.messages.get(String(chatId)) ?? [], String(id), query.get("sources")),
    chat_activity: ({ chatId, stretches }) =>
      activity(archive.messages.get(String(chatId)) ?? [], (stretches as Stretches).bounds),
    message_list: async ({ chatId, anchor, limit }) => {
      if (state === "slow") await wait(400);
      return messagePage(archive.messages.get(String(chatId)) ?? [], anchor as Anchor, Number(limit));
    },
    ...exporting(query, archive, pace),
    ...filing(archive, (chat) => say([chat], false)),
    ...keeping(query, archive, () => say([], true)),
    ...olderMessages(query, pace, (chat) => say([chat], false)),
    link_open: ({ url }) => {
      console.info("open", url);
      return null;
    },
    data_folder_show: () => null,
    zoom_set: ({ factor }) => {
      document.documentElement.style.zoom = String(factor);
      return null;
    },
  };

  mockIPC(
    async (command, given) => {
      const handler = handlers[command];
      if (handler === undefined) throw new Error(`no mock for ${command}`);
      return structuredClone(await handler((given ?? {}) as Arguments));
    },
    { shouldMockEvents: true },
  );

  const internals = (window as unknown as { __TAURI_INTERNALS__: Arguments }).__TAURI_INTERNALS__;
  Object.assign(internals, { convertFileSrc: drawn });

  // What a test or a person at the console may do to the archive.
  Object.assign(window, {
    mock: {
      doers,
      files: imports.drop,
      arrive(chatId: string, text: string) {
        const said = archive.messages.get(chatId) ?? [];
        const template = said.find((each) => !each.from_me && each.kind === "text");
        if (template === undefined) return;
        const number = said.length;
        said.push({
          ...template,
          id: `${chatId}-${number}`,
          external_id: `NEW${number}`,
          text,
          at: Date.now(),
          quote: null,
          reactions: [],
          edited: false,
        });
        archive.chats = archive.chats.map((chat) =>
          chat.id === chatId && chat.last !== null
            ? {
                ...chat,
                last: { ...chat.last, kind: "text", text, from_me: false, deleted: false },
                last_message_at: Date.now(),
                unread: chat.unread + 1,
                messages: chat.messages + 1,
              }
            : chat,
        );
        return say([chatId], false);
      },
    },
  });
}

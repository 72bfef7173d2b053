// The core's part, played by this file: only in `vite --mode mock` and in tests, never in the bundle.
// `?state=` chooses what to see: full, empty, first, error, readonly, many, offline, silent, untold, slow, lost.
import type { Channel } from "@tauri-apps/api/core";
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import type {
  Account,
  Anchor,
  AppState,
  Chat,
  ChatPage,
  ChatQuery,
  History,
  HistoryStatus,
  Link,
  Message,
  MessagePage,
  Run,
  RunReport,
  Stats,
  SyncProgress,
  SyncSettings,
  VerifyProgress,
} from "../bindings";
import { type Archive, makeArchive } from "./archive";
import { compare } from "./compare";

type Arguments = Record<string, unknown>;

const SERVER: Account = {
  id: "1",
  integration_type: "whatsapp",
  display_name: "+49 1511 ···67",
  external_id: "4915112345667@s.whatsapp.net",
  connection: "connected",
  server: "https://sync.example.org/",
  is_sample: false,
  last_sync_at: Date.now() - 240_000,
  link: { state: "following", problem: null },
  messages: 248_913,
};

const SAMPLE: Account = {
  ...SERVER,
  id: "2",
  integration_type: "sample",
  display_name: "Sample archive",
  server: "",
  is_sample: true,
  link: { state: "off", problem: null },
  messages: 20_412,
};

const STAGES: readonly [string, number][] = [
  ["conversations", 412],
  ["messages", 248_913],
  ["contacts", 1_180],
  ["participants", 3_904],
  ["media", 18_420],
  ["receipts", 61_200],
];

/** `?link=` chooses how the way to the servers stands. */
const LINKS: Readonly<Record<string, Link>> = {
  connecting: { state: "connecting", problem: null },
  offline: {
    state: "offline",
    problem: { code: "unreachable", message: "https://sync.example.org cannot be reached" },
  },
  polling: { state: "polling", problem: null },
  off: { state: "off", problem: null },
  stopped: {
    state: "off",
    problem: {
      code: "unauthorized",
      message:
        "https://sync.example.org does not accept the token: it is wrong, expired or revoked; enter a new one; what is already here is safe",
    },
  },
};

export function installMock(query: URLSearchParams): void {
  const state = query.get("state") ?? "full";
  const pace = Number(query.get("pace") ?? "1");
  const archive: Archive =
    state === "first" || state === "empty"
      ? { chats: [], messages: new Map() }
      : makeArchive(state === "many");
  let accounts: Account[] = state === "first" ? [] : query.has("sample") ? [SAMPLE] : [SERVER];
  if (query.has("two"))
    accounts = [
      SERVER,
      {
        ...SAMPLE,
        is_sample: false,
        id: "3",
        display_name: "This computer",
        integration_type: "whatsapp",
        connection: "logged_out",
        last_sync_at: null,
        messages: 0,
      },
    ];
  if (state === "empty")
    accounts = accounts.map((account) => ({ ...account, last_sync_at: null, messages: 0 }));
  let syncSettings: SyncSettings = {
    streaming: true,
    recent_first: true,
    recent_chats: 50,
    recent_messages: 50,
  };
  const link = query.get("link");
  if (link !== null)
    accounts = accounts.map((account) => ({ ...account, link: LINKS[link] ?? account.link }));
  let following = true;
  let cancelled = false;
  let change = 0;

  const older = new Map<string, History>();
  const history = (id: string): History =>
    older.get(id) ?? {
      chat_id: id,
      status: (query.get("history") as HistoryStatus | null) ?? "not_started",
      messages_synced: query.has("history") ? 150 : 0,
      max_messages: 10_000,
      progress_percent: 1,
      last_message_id: null,
      last_timestamp: query.has("history") ? Date.now() - 400 * 86_400_000 : null,
      error_message: query.has("history") ? "The phone did not answer. Look whether it is online." : null,
      history_complete: query.get("history") === "completed",
      gaps: [],
      since: null,
      can_ask: true,
      followed: query.get("history") === "in_progress",
    };

  const say = (chats: string[], all: boolean) => emit("mirror-changed", { id: String(++change), chats, all });

  const handlers: Record<string, (given: Arguments) => unknown> = {
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
    stats_read: (): Stats => stats(archive, state),
    chat_list: ({ query: asked }) => chatPage(archive, asked as ChatQuery),
    chat_get: ({ id }) => {
      const chat = archive.chats.find((each) => each.id === id);
      if (chat === undefined) throw { code: "no_chat", message: `there is no chat "${String(id)}" here` };
      return chat;
    },
    message_list: async ({ chatId, anchor, limit }) => {
      if (state === "slow") await wait(400);
      return messagePage(archive.messages.get(String(chatId)) ?? [], anchor as Anchor, Number(limit));
    },
    history_get: ({ chatId }) => history(String(chatId)),
    history_load: async ({ chatId }) => {
      const id = String(chatId);
      older.set(id, { ...history(id), status: "in_progress", followed: true, messages_synced: 0 });
      for (let step = 1; step <= 40; step++) {
        await wait(pace * 10);
        const now = history(id);
        if (now.status !== "in_progress") return now;
        older.set(id, { ...now, messages_synced: step * 50, last_timestamp: Date.now() - step * 40_000_000 });
        await say([id], false);
      }
      older.set(id, { ...history(id), status: "completed", history_complete: true, followed: false });
      await say([id], false);
      return history(id);
    },
    history_cancel: ({ chatId }) => {
      const id = String(chatId);
      older.set(id, { ...history(id), status: "cancelled", followed: false });
      return history(id);
    },
    link_open: ({ url }) => {
      console.info("open", url);
      return null;
    },
    data_folder_show: () => null,
  };

  mockIPC(
    async (command, given) => {
      const handler = handlers[command];
      if (handler === undefined) throw new Error(`no mock for ${command}`);
      return structuredClone(await handler((given ?? {}) as Arguments));
    },
    { shouldMockEvents: true },
  );

  // What a test or a person at the console may do to the archive.
  Object.assign(window, {
    mock: {
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
        return say([chatId], false);
      },
    },
  });
}

async function pull(
  channel: Channel<SyncProgress>,
  account: string,
  pace: number,
  isCancelled: () => boolean,
  state: string,
): Promise<RunReport[]> {
  const all = STAGES.reduce((sum, [, total]) => sum + total, 0);
  const startedAt = Date.now();
  let overall = 0;
  for (const [stage, total] of STAGES) {
    const steps = Math.max(2, Math.round(total / 6_000));
    for (let step = 0; step <= steps; step++) {
      const done = Math.round((total * step) / steps);
      channel.onmessage({
        account_id: account,
        stage,
        done,
        total: state === "untold" ? null : total,
        rows_per_second: 6_600,
        overall_done: overall + done,
        overall_total: state === "untold" ? null : all,
        retry_in: state === "silent" && stage === "messages" ? 12 : null,
      });
      await wait(90 / pace);
      if (state === "offline" && stage === "messages" && step > steps / 2) {
        return [
          report(account, "failed", overall + done, startedAt, [
            {
              code: "unreachable",
              message:
                "https://sync.example.org cannot be reached; check the address and the network, and that the server runs; what is already here is safe",
            },
          ]),
        ];
      }
      if (isCancelled()) return [report(account, "cancelled", overall + done, startedAt, [])];
    }
    overall += total;
  }
  channel.onmessage({
    account_id: account,
    stage: "done",
    done: 0,
    total: null,
    rows_per_second: 0,
    overall_done: all,
    overall_total: state === "untold" ? null : all,
    retry_in: null,
  });
  return [report(account, "completed", all, startedAt, [])];
}

function report(
  account_id: string,
  outcome: RunReport["outcome"],
  saved: number,
  startedAt: number,
  errors: RunReport["errors"],
): RunReport {
  return {
    account_id,
    outcome,
    saved,
    updated: 11,
    unchanged: 0,
    bytes: saved * 260,
    seconds: (Date.now() - startedAt) / 1_000,
    errors,
    cursors: {},
  };
}

function runs(): Run[] {
  const base: Run = {
    id: "1",
    account_id: "1",
    mode: "full",
    outcome: "completed",
    started_at: Date.now() - 240_000,
    duration_ms: 120,
    saved: 3,
    updated: 11,
    unchanged: 0,
    bytes: 900,
    errors: [],
  };
  return [
    base,
    { ...base, id: "2", started_at: Date.now() - 9_000_000, duration_ms: 410, saved: 128, updated: 402 },
    {
      ...base,
      id: "3",
      started_at: Date.now() - 90_000_000,
      duration_ms: 21_900,
      saved: 248_771,
      updated: 0,
    },
    {
      ...base,
      id: "4",
      started_at: Date.now() - 250_000_000,
      duration_ms: 30_000,
      saved: 0,
      updated: 0,
      outcome: "failed",
      errors: [{ code: "unreachable", message: "the server cannot be reached" }],
    },
    {
      ...base,
      id: "5",
      started_at: Date.now() - 350_000_000,
      duration_ms: 4_000,
      saved: 41_200,
      updated: 0,
      outcome: "cancelled",
    },
  ];
}

function stats(archive: Archive, state: string): Stats {
  const none = state === "empty" || state === "first";
  return {
    conversations: archive.chats.length,
    messages: none ? 0 : 248_913,
    contacts: none ? 0 : 1_180,
    participants: none ? 0 : 3_904,
    media: none ? 0 : 18_420,
    receipts: none ? 0 : 61_200,
    bytes: {
      mirror: none ? 94_208 : 96_400_000,
      search: none ? 20_480 : 31_000_000,
      media: 0,
      wal: none ? 0 : 412_000,
    },
    path: "/home/kim/.local/share/threadkeep/db/mirror.db",
    last_sync_at: none ? null : Date.now() - 240_000,
    search_behind: 0,
  };
}

function chatPage(archive: Archive, query: ChatQuery): ChatPage {
  const text = query.text?.toLowerCase() ?? "";
  const wanted = archive.chats.filter(
    (chat: Chat) =>
      chat.name.toLowerCase().includes(text) &&
      (query.filter === "archived" ? chat.archived : !chat.archived) &&
      (query.filter !== "unread" || chat.unread > 0) &&
      (query.filter !== "groups" || chat.kind === "group"),
  );
  const from = Number(query.after ?? "0");
  const to = from + query.limit;
  return { chats: wanted.slice(from, to), next: to < wanted.length ? String(to) : null };
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

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

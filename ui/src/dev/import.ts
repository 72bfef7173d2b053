// Imports that read nothing. `?import=` chooses what is in the files: whatsapp (as a phone exports one chat), backup
// (of everything), locked, two (platforms), broken, known, stranger (of no name here); without it what fits the state.
import type { Channel } from "@tauri-apps/api/core";
import { emit } from "@tauri-apps/api/event";
import type {
  Import,
  ImportChat,
  ImportFile,
  ImportOptions,
  ImportPreview,
  ImportProgress,
  ImportReport,
} from "../bindings";
import type { Archive } from "./archive";
import { wait } from "./wait";

const DAY = 24 * 60 * 60 * 1_000;

export function importing(asked: URLSearchParams, archive: Archive, state: string, pace: number) {
  const kind = asked.get("import") ?? (state === "many" || state === "hostile" ? "backup" : "whatsapp");
  const account = state === "first" ? null : "1";
  let cancelled = false;
  let keyFile: string | null = null;
  let earlier: Import[] = state === "empty" || state === "first" ? [] : imports(state);

  const preview = (options: ImportOptions): ImportPreview => {
    const chats =
      kind === "backup" || kind === "two" ? backup(archive, state) : [lisbon(options, archive, kind)];
    const messages = chats.reduce((sum, chat) => sum + chat.messages, 0);
    const isNew = account === null || chats.every((chat) => chat.joins === null);
    const known = kind === "known" ? messages : isNew ? 0 : Math.round(messages * 0.6);
    const changed = kind === "known" || isNew ? 0 : Math.round(messages * 0.02);
    const isLocked = kind === "locked" && options.key !== "good" && keyFile === null;
    const files = filesOf(kind, state, isLocked, options.key !== null);
    const nothing: ImportPreview = {
      files,
      platform: "",
      platforms: [],
      account_id: null,
      messages: 0,
      new: 0,
      known: 0,
      changed: 0,
      conflicting: kind === "backup" ? 3 : 0,
      refused: 0,
      first_at: null,
      last_at: null,
      chats: [],
      chats_total: 0,
      people: 0,
      attachments: 0,
      attachments_missing: 0,
      unknown: [],
      skipped: 0,
      faults: [],
      faults_total: 0,
      date_order: null,
      zone: null,
      me: null,
      senders: [],
    };
    if (files.every((file) => file.problem !== null)) return nothing;
    const isText = kind === "whatsapp" || kind === "known" || kind === "stranger";
    const platform = options.platform ?? (kind === "two" ? "messenger" : "whatsapp");
    return {
      ...nothing,
      platform,
      platforms: kind === "two" ? ["messenger", "instagram"] : [platform],
      account_id: options.new_account
        ? null
        : platform === "whatsapp"
          ? (options.account_id ?? account)
          : null,
      messages,
      known,
      changed,
      new: messages - known - changed,
      first_at: Math.min(...chats.map((chat) => chat.first_at ?? Number.POSITIVE_INFINITY)),
      last_at: Math.max(...chats.map((chat) => chat.last_at ?? 0)),
      chats: chats.slice(0, 500),
      chats_total: chats.length,
      people: isText ? 4 : chats.length * 3,
      attachments: Math.round(messages / 9),
      attachments_missing: Math.round(messages / 30),
      unknown:
        kind === "backup"
          ? [
              { what: "message_type 92", count: 14 },
              { what: state === "hostile" ? `\u202E${"x".repeat(80)}<b>` : "eventMessage", count: 3 },
            ]
          : [],
      skipped: kind === "backup" ? 1_204 : 0,
      faults:
        kind === "backup"
          ? [{ file: files[0]?.name ?? "", place: 80_113, reason: "the row has no chat" }]
          : [],
      faults_total: kind === "backup" ? 1 : 0,
      date_order: isText ? { order: "DD/MM/YY", is_proven: false } : null,
      zone: isText ? (options.zone ?? "Europe/Lisbon") : null,
      me: isText ? options.me : null,
      senders:
        isText && options.me === null
          ? [
              { what: state === "hostile" ? `<i>${"Ana".repeat(40)}` : "Ana Souza", count: 812 },
              { what: "Kim", count: 777 },
              { what: "Ben Larsen", count: 14 },
            ]
          : [],
    };
  };

  const look = async (options: ImportOptions, channel: Channel<ImportProgress>): Promise<ImportPreview> => {
    cancelled = false;
    const whole = preview(options);
    for (let step = 1; step <= 5; step++) {
      await wait(60 / pace);
      if (cancelled)
        throw { code: "import_cancelled", message: "the import was stopped; nothing was changed" };
      channel.onmessage({
        phase: "messages",
        messages: Math.round((whole.messages * step) / 5),
        done: step,
        total: 5,
      });
    }
    return whole;
  };

  const start = async (options: ImportOptions, channel: Channel<ImportProgress>): Promise<ImportReport> => {
    cancelled = false;
    const whole = preview(options);
    const tell = async (phase: ImportProgress["phase"], messages: number, total: number) => {
      for (let step = 0; step <= 20 && !cancelled; step++) {
        const done = Math.round((total * step) / 20);
        channel.onmessage({
          phase,
          messages: phase === "messages" ? Math.round((messages * step) / 20) : messages,
          done,
          total,
        });
        await wait(80 / pace);
      }
    };
    await tell("messages", whole.messages, 41_000_000);
    await tell("files", whole.messages, whole.attachments - whole.attachments_missing);
    await tell("syncing", whole.messages, whole.messages);
    return {
      id: "1",
      account_id: whole.account_id ?? "1",
      outcome: cancelled ? "cancelled" : "completed",
      messages: whole.messages,
      saved: cancelled ? 400 : whole.new,
      changed: cancelled ? 0 : whole.changed,
      known: whole.known,
      files: cancelled ? 0 : whole.attachments - whole.attachments_missing,
      faults: whole.faults_total,
      errors: [],
    };
  };

  // What a test or a person at the console may drop on the window.
  const drop = {
    over: (over: boolean) => emit("files-over", { over }),
    drop: () => emit("files-dropped", { count: 1 }),
  };

  return {
    drop,
    handlers: {
      import_choose: async () => {
        await wait(100);
        return asked.get("choose") !== "none";
      },
      import_choose_key: () => {
        keyFile = "key";
        return keyFile;
      },
      import_look: ({ options, onProgress }: Record<string, unknown>) =>
        look(options as ImportOptions, onProgress as Channel<ImportProgress>),
      import_start: ({ options, onProgress }: Record<string, unknown>) =>
        start(options as ImportOptions, onProgress as Channel<ImportProgress>),
      import_leave: () => {
        cancelled = true;
        keyFile = null;
        return null;
      },
      import_list: ({ accountId }: Record<string, unknown>) => (accountId === "1" ? earlier : []),
      import_undo: async ({ importId }: Record<string, unknown>) => {
        await wait(400 / pace);
        earlier = earlier.map((each) => (each.id === importId ? { ...each, state: "undone" } : each));
        return null;
      },
      import_cancel: () => {
        cancelled = true;
        return null;
      },
    },
  };
}

function filesOf(kind: string, state: string, isLocked: boolean, hasKey: boolean): ImportFile[] {
  const file = (name: string, bytes: number, formats: string[], problem: ImportFile["problem"] = null) => ({
    name: state === "hostile" ? `\u202E${name}${"_".repeat(60)}<script>` : name,
    bytes,
    formats,
    problem,
  });
  switch (kind) {
    case "backup":
      return [
        file("msgstore.db", 412_000_000, ["whatsapp-android"]),
        file("contacts.vcf", 84_000, ["vcard"]),
      ];
    case "two":
      return [file("facebook-kim.zip", 1_840_000_000, ["messenger", "instagram"])];
    case "locked":
      return [
        file(
          "msgstore.db.crypt15",
          398_000_000,
          ["whatsapp-android"],
          isLocked
            ? hasKey
              ? { code: "wrong_key", message: "this key does not open it" }
              : {
                  code: "needs_key",
                  message: "it is encrypted: give the key file, or the 64 digits of the key",
                }
            : null,
        ),
      ];
    case "broken":
      return [
        file("WhatsApp Chat with Lisbon flat.zip", 41_000_000, ["whatsapp-export"]),
        file("holiday.pdf", 900_000, [], {
          code: "unknown_format",
          message: "this is nothing that Threadkeep can read; nothing was changed",
        }),
      ];
    default:
      return [file("WhatsApp Chat with Lisbon flat.zip", 41_000_000, ["whatsapp-export"])];
  }
}

/** A chat by its name alone; that of a stranger joins none before a person says which. */
function lisbon({ day_first, chat_id }: ImportOptions, archive: Archive, kind: string): ImportChat {
  const name = kind === "stranger" ? "Flat 🏠 2021" : "Lisbon flat";
  const joined = archive.chats.find((chat) => (chat_id === null ? chat.name === name : chat.id === chat_id));
  const first = Date.UTC(2021, 2, 4, 9);
  return {
    name,
    address: "",
    messages: 1_603,
    first_at: first,
    last_at: first + (day_first === false ? 2_400 : 410) * DAY,
    joins: joined === undefined ? null : { chat_id: joined.id, name: joined.name },
  };
}

/** The chats that are here, and some that are not. */
function backup(archive: Archive, state: string): ImportChat[] {
  const here = archive.chats.slice(0, state === "many" ? 480 : 6).map((chat, at) => ({
    name: chat.name,
    address: chat.jid,
    messages: 4_000 - at * 7,
    first_at: Date.UTC(2017, at % 12, 1),
    last_at: Date.UTC(2026, 10, 1 + (at % 19)),
    joins: at % 3 === 0 ? null : { chat_id: chat.id, name: at % 2 === 0 ? chat.name : `${chat.name} ✨` },
  }));
  const others = Array.from({ length: state === "many" ? 700 : 5 }, (_, at) => ({
    name: at % 4 === 0 ? "" : `Chat ${at + 1}`,
    address: `3519120${String(at).padStart(5, "0")}@s.whatsapp.net`,
    messages: 90 - Math.min(at, 89),
    first_at: Date.UTC(2015, 4, 2),
    last_at: Date.UTC(2019, 4, 2),
    joins: null,
  }));
  return [...here, ...others];
}

function imports(state: string): Import[] {
  const one: Import = {
    id: "2",
    account_id: "1",
    files: [state === "hostile" ? `\u202E${"msgstore".repeat(30)}<b>.db` : "msgstore.db", "contacts.vcf"],
    formats: ["whatsapp-android", "vcard"],
    begun_at: Date.UTC(2026, 10, 18, 20, 4),
    state: "complete",
    saved: 18_204,
    changed: 733,
  };
  return [
    one,
    {
      ...one,
      id: "1",
      files: ["WhatsApp Chat with Mum.zip"],
      formats: ["whatsapp-export"],
      state: "cancelled",
      saved: 400,
    },
  ];
}

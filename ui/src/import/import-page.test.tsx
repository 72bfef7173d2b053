// The page of imports, long because every choice of it is made by a person from its beginning.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeRouter } from "../app/router";
import type {
  Account,
  AppState,
  Chat,
  ChatQuery,
  Import,
  ImportOptions,
  ImportPreview,
  ImportProgress,
  ImportReport,
} from "../bindings";
import { SERVER } from "../dev/accounts";
import { makeArchive } from "../dev/archive";
import { Sizes } from "../dev/sizes";
import { forgetImport, lookAnew } from "./store";

const PREVIEW: ImportPreview = {
  files: [{ name: "Chat with Ana.txt", bytes: 41_000, formats: ["whatsapp-export"], problem: null }],
  platform: "whatsapp",
  platforms: ["whatsapp"],
  account_id: null,
  messages: 120,
  new: 100,
  known: 15,
  changed: 5,
  conflicting: 0,
  refused: 0,
  first_at: Date.UTC(2021, 2, 4, 12),
  last_at: Date.UTC(2021, 5, 6, 12),
  chats: [
    {
      name: "Ana <b>Souza</b>",
      address: "",
      messages: 120,
      first_at: Date.UTC(2021, 2, 4, 12),
      last_at: Date.UTC(2021, 5, 6, 12),
      joins: null,
    },
  ],
  chats_total: 1,
  people: 2,
  attachments: 3,
  attachments_missing: 1,
  unknown: [],
  skipped: 0,
  faults: [],
  faults_total: 0,
  date_order: null,
  zone: null,
  me: null,
  senders: [],
};

const REPORT: ImportReport = {
  id: "",
  account_id: "1",
  outcome: "completed",
  messages: 120,
  saved: 100,
  changed: 5,
  known: 15,
  files: 2,
  faults: 0,
  errors: [],
};

const STATE: AppState = {
  version: "0",
  home: "/home/ida",
  accounts: [],
  syncing: false,
  following: true,
  read_only: null,
};

let asked: [string, Record<string, unknown>][];
let preview: (options: ImportOptions) => ImportPreview | Promise<ImportPreview>;
let chosen: boolean;
let accounts: Account[];
let earlier: Import[];
let chats: Chat[];
let tell: (progress: ImportProgress) => void;
let end: (report: ImportReport) => void;
let fail: (fault: unknown) => void;

beforeEach(() => {
  asked = [];
  chosen = true;
  accounts = [];
  earlier = [];
  chats = [];
  preview = () => PREVIEW;
  vi.stubGlobal("ResizeObserver", Sizes);
  mockIPC(
    (command, payload) => {
      const given = payload as Record<string, unknown>;
      asked.push([command, given]);
      switch (command) {
        case "app_state":
          return { ...STATE, accounts };
        case "import_list":
          return earlier;
        case "import_undo":
          earlier = earlier.map((each) => ({ ...each, state: "undone" as const }));
          return null;
        case "import_choose":
          return chosen;
        case "import_choose_key":
          return "key";
        case "import_look":
          return preview(given.options as ImportOptions);
        case "import_start": {
          const channel = given.onProgress as { onmessage: (progress: ImportProgress) => void };
          tell = (progress) => channel.onmessage(progress);
          return new Promise<ImportReport>((resolve, reject) => {
            end = resolve;
            fail = reject;
          });
        }
        case "chat_list": {
          const { text } = given.query as ChatQuery;
          const called = chats.filter(({ name }) =>
            name.toLowerCase().startsWith((text ?? "").toLowerCase()),
          );
          return { chats: called, archived: 0, next: null };
        }
        default:
          return null;
      }
    },
    { shouldMockEvents: true },
  );
});

afterEach(() => {
  cleanup();
  clearMocks();
  forgetImport();
  vi.unstubAllGlobals();
});

function show(path = "/import") {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return router;
}

const named = (name: string) => asked.filter(([command]) => command === name);
const lastOptions = () => named("import_look").at(-1)?.[1].options as ImportOptions;

async function choose() {
  fireEvent.click(await screen.findByTestId("import-files"));
  await screen.findByTestId("import-files-card");
}

const startButton = () => screen.getByTestId<HTMLButtonElement>("import-start");

describe("the look before an import", () => {
  it("says what is in the files and what would be new, and names are only text", async () => {
    show();
    await choose();
    expect(screen.getByTestId("import-messages").dataset.value).toBe("120");
    expect(screen.getByTestId("import-effect").textContent).toBe(
      "100 messages are new15 are here already5 are here and get something that was missing",
    );
    expect(screen.getByTestId("import-period").textContent).toContain("2021");
    expect(screen.getByText("Ana <b>Souza</b>").querySelector("b")).toBeNull();
    expect(screen.getByTestId("import-plan").textContent).toBe("100 new messages");
    expect(named("import_start"), "and nothing is brought in by looking").toHaveLength(0);
  });

  it("stays as it is when nothing is chosen", async () => {
    chosen = false;
    show();
    fireEvent.click(await screen.findByTestId("import-folder"));
    await waitFor(() => expect(named("import_choose")).toEqual([["import_choose", { folder: true }]]));
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("import-files").disabled).toBe(false));
    expect(named("import_look")).toHaveLength(0);
  });

  it("begins nothing before it is known who the person is", async () => {
    preview = ({ me }) => ({
      ...PREVIEW,
      me,
      senders:
        me === null
          ? [
              { what: "Ana", count: 80 },
              { what: "Ida", count: 40 },
            ]
          : [],
    });
    show();
    await choose();
    expect(startButton().disabled).toBe(true);
    fireEvent.click(screen.getByTestId("choice-Ida"));
    await waitFor(() => expect(lastOptions().me).toBe("Ida"));
    await waitFor(() => expect(startButton().disabled).toBe(false));
    expect(
      screen.getByTestId("choice-Ida").dataset.checked,
      "and who that was stays to be seen",
    ).toBeDefined();
  });

  it("asks how dates are written only where the files do not prove it, and reads them so", async () => {
    preview = () => ({ ...PREVIEW, date_order: { order: "DD/MM/YY", is_proven: true } });
    show();
    await choose();
    expect(screen.queryByTestId("choice-month")).toBeNull();
    preview = () => ({ ...PREVIEW, date_order: { order: "DD/MM/YY", is_proven: false } });
    await lookAnew();
    fireEvent.click(await screen.findByTestId("choice-month"));
    await waitFor(() => expect(lastOptions().day_first).toBe(false));
  });

  it("reads times in the zone that is chosen", async () => {
    preview = ({ zone }) => ({ ...PREVIEW, zone: zone ?? "Europe/Lisbon" });
    show();
    await choose();
    fireEvent.change(screen.getByTestId("import-zone"), { target: { value: "Asia/Tokyo" } });
    await waitFor(() => expect(lastOptions().zone).toBe("Asia/Tokyo"));
  });

  it("shows the later of two looks, whichever ends first", async () => {
    const waiting: ((preview: ImportPreview) => void)[] = [];
    show();
    await choose();
    preview = () => new Promise((resolve) => waiting.push(resolve));
    void lookAnew();
    void lookAnew();
    await waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.({ ...PREVIEW, messages: 2 });
    waiting[0]?.({ ...PREVIEW, messages: 1 });
    await waitFor(() => expect(screen.getByTestId("import-messages").dataset.value).toBe("2"));
  });

  it("takes the key of an encrypted file, hides it, and says when it is the wrong one", async () => {
    const locked = (code: string): ImportPreview => ({
      ...PREVIEW,
      files: [
        {
          name: "msgstore.db.crypt15",
          bytes: 1,
          formats: ["whatsapp-android"],
          problem: { code, message: "no" },
        },
      ],
    });
    preview = ({ key }) => (key === null ? locked("needs_key") : locked("wrong_key"));
    show();
    await choose();
    expect(startButton().disabled).toBe(true);
    const field = screen.getByTestId<HTMLInputElement>("import-key-digits");
    expect(field.type).toBe("password");
    fireEvent.change(field, { target: { value: "00".repeat(32) } });
    fireEvent.submit(screen.getByTestId("import-key"));
    await waitFor(() => expect(lastOptions().key).toBe("00".repeat(32)));
    await waitFor(() =>
      expect(screen.getByTestId("import-key-digits").getAttribute("aria-invalid")).toBe("true"),
    );
  });

  it("keeps all from being brought in while one file cannot be read", async () => {
    preview = () => ({
      ...PREVIEW,
      files: [
        ...PREVIEW.files,
        {
          name: "holiday.pdf",
          bytes: 1,
          formats: [],
          problem: { code: "unknown_format", message: "this is nothing that Threadkeep can read" },
        },
      ],
    });
    show();
    await choose();
    expect(screen.getByTestId("import-file-problem").textContent).toContain(
      "nothing that Threadkeep can read",
    );
    expect(startButton().disabled).toBe(true);
  });

  it("is at hand on the first run, beside the other doors", async () => {
    const router = show("/");
    fireEvent.click(await screen.findByTestId("door-import"));
    await screen.findByTestId("import-choose");
    expect(router.state.location.pathname).toBe("/import");
    expect(screen.queryByTestId("rail-chats"), "there is nowhere else to go yet").toBeNull();
  });
});

describe("a text whose chat is not known by its name", () => {
  const [ana, ben] = makeArchive(false).chats as [Chat, Chat];

  beforeEach(() => {
    accounts = [SERVER];
    chats = [
      { ...ana, id: "7", name: "Ana at work" },
      { ...ben, id: "8", name: "Ben" },
    ];
    const [chat] = PREVIEW.chats;
    if (chat === undefined) throw new Error("there is one");
    preview = ({ chat_id, account_id }) => {
      const joined = chats.find(({ id }) => id === chat_id);
      if (joined === undefined)
        return { ...PREVIEW, account_id: account_id ?? SERVER.id, known: 0, new: 120 };
      return {
        ...PREVIEW,
        account_id: SERVER.id,
        chats: [{ ...chat, address: joined.jid, joins: { chat_id: joined.id, name: joined.name } }],
        known: 110,
        changed: 0,
        new: 10,
      };
    };
  });

  it("becomes a chat of its own, or goes on with one that is found by its name", async () => {
    show();
    await choose();
    expect(screen.getByTestId("choice-own").dataset.checked, "nothing is joined unasked").toBeDefined();
    expect(screen.getByTestId("import-new").dataset.value).toBe("120");
    fireEvent.click(screen.getByTestId("choice-here"));
    const field = await screen.findByTestId<HTMLInputElement>("import-chat-name");
    await waitFor(() => expect(screen.getAllByTestId("import-chat-option")).toHaveLength(2));
    fireEvent.change(field, { target: { value: "ben" } });
    await waitFor(() => expect(screen.getAllByTestId("import-chat-option")).toHaveLength(1));
    const query = named("chat_list").at(-1)?.[1].query as ChatQuery;
    expect(query, "among all of that account, archived ones too").toMatchObject({
      text: "ben",
      account_id: SERVER.id,
      filter: "all",
    });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(lastOptions().chat_id).toBe("8"));
    await waitFor(() => expect(screen.getByTestId("import-new").dataset.value).toBe("10"));
    expect(screen.getByTestId("import-known").dataset.value).toBe("110");
    expect(screen.getByTestId("import-chat-chosen").textContent).toContain("Ben");
    expect(screen.getByTestId("import-chats").textContent).toContain("joins Ben");
    fireEvent.click(startButton());
    await waitFor(() => expect(named("import_start")).toHaveLength(1));
    expect(named("import_start")[0]?.[1]).toMatchObject({ options: { chat_id: "8" } });
  });

  it("is walked to by the arrows, and a screen reader hears where one stands", async () => {
    show();
    await choose();
    fireEvent.click(screen.getByTestId("choice-here"));
    const field = await screen.findByTestId("import-chat-name");
    await waitFor(() => expect(screen.getAllByTestId("import-chat-option")).toHaveLength(2));
    fireEvent.keyDown(field, { key: "ArrowDown" });
    const [, second] = screen.getAllByTestId("import-chat-option");
    expect(field.getAttribute("aria-activedescendant")).toBe(second?.id);
    expect(second?.getAttribute("aria-selected")).toBe("true");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(lastOptions().chat_id).toBe("8"));
  });

  it("can be given to another, and to none again", async () => {
    show();
    await choose();
    fireEvent.click(screen.getByTestId("choice-here"));
    fireEvent.click((await screen.findAllByTestId("import-chat-option"))[0] as HTMLElement);
    await waitFor(() => expect(lastOptions().chat_id).toBe("7"));
    fireEvent.click(await screen.findByTestId("import-chat-another"));
    await waitFor(() => expect(screen.getAllByTestId("import-chat-option")).toHaveLength(2));
    fireEvent.click(screen.getByTestId("choice-own"));
    await waitFor(() => expect(lastOptions().chat_id).toBeNull());
    await waitFor(() => expect(screen.getByTestId("import-new").dataset.value).toBe("120"));
  });

  it("says when no chat is called so", async () => {
    show();
    await choose();
    fireEvent.click(screen.getByTestId("choice-here"));
    fireEvent.change(await screen.findByTestId("import-chat-name"), { target: { value: "nobody" } });
    await screen.findByText("No chat here is called “nobody”.");
  });

  it("forgets the chat with the account that it is of", async () => {
    show();
    await choose();
    fireEvent.click(screen.getByTestId("choice-here"));
    fireEvent.click((await screen.findAllByTestId("import-chat-option"))[0] as HTMLElement);
    await waitFor(() => expect(lastOptions().chat_id).toBe("7"));
    fireEvent.change(screen.getByTestId("import-account"), { target: { value: "new" } });
    await waitFor(() => expect(lastOptions()).toMatchObject({ chat_id: null, new_account: true }));
  });

  it("is not asked for where the files have addresses, or hold several chats", async () => {
    const addressed = PREVIEW.chats.map((chat) => ({ ...chat, address: "ana@s.whatsapp.net" }));
    preview = () => ({ ...PREVIEW, account_id: SERVER.id, chats: addressed });
    show();
    await choose();
    expect(screen.queryByTestId("choice-here")).toBeNull();
    preview = () => ({ ...PREVIEW, account_id: SERVER.id, chats_total: 2 });
    await lookAnew();
    await waitFor(() => expect(screen.getByTestId("import-chats-total").dataset.value).toBe("2"));
    expect(screen.queryByTestId("choice-here")).toBeNull();
  });
});

describe("the import", () => {
  it("says how far it is, then what came of it", async () => {
    show();
    await choose();
    fireEvent.click(startButton());
    await screen.findByTestId("import-progress");
    tell({ phase: "messages", messages: 60, done: 50, total: 100 });
    await waitFor(() => expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("50"));
    tell({ phase: "files", messages: 120, done: 1, total: 2 });
    await waitFor(() => expect(screen.getByTestId("import-progress").textContent).toContain("1 of 2"));
    end(REPORT);
    const done = await screen.findByTestId("import-done");
    expect(done.textContent).toContain("120 messages were imported");
    expect(done.textContent).toContain("With 2 photos and files.");
    expect(screen.getByTestId("import-choose"), "and more can be chosen").toBeDefined();
  });

  it("is stopped by its button, and says what stays", async () => {
    show();
    await choose();
    fireEvent.click(startButton());
    fireEvent.click(await screen.findByTestId("import-cancel"));
    expect(screen.getByTestId("import-cancel").textContent).toBe("Stopping…");
    await waitFor(() => expect(named("import_cancel")).toHaveLength(1));
    end({ ...REPORT, outcome: "cancelled", messages: 40 });
    expect((await screen.findByTestId("import-done")).textContent).toContain("What has come stays.");
  });

  it("says why it failed, and the files are chosen still", async () => {
    show();
    await choose();
    fireEvent.click(startButton());
    await screen.findByTestId("import-progress");
    fail({ code: "may_not_import", message: "the token of Team may read its server, but not add to it" });
    expect((await screen.findByTestId("import-error")).textContent).toContain("but not add to it");
    expect(startButton().disabled).toBe(false);
  });
});

describe("the imports of before", () => {
  const entry: Import = {
    id: "3",
    account_id: "1",
    files: ["Chat with <i>Ana</i>.txt"],
    formats: ["whatsapp-export"],
    begun_at: Date.UTC(2024, 1, 1),
    state: "complete",
    saved: 120,
    changed: 0,
  };

  it("are listed, and one that was cut short says so", async () => {
    accounts = [SERVER];
    earlier = [entry, { ...entry, id: "4", state: "cancelled" }];
    show();
    await waitFor(() => expect(screen.getAllByTestId("import-entry")).toHaveLength(2));
    const rows = screen.getAllByTestId("import-entry").map((row) => row.textContent);
    expect(rows[0]).toContain("Chat with <i>Ana</i>.txt");
    expect(rows[1]).toContain("stopped");
  });

  it("are taken back only after a question", async () => {
    accounts = [SERVER];
    earlier = [entry];
    show();
    fireEvent.click(await screen.findByTestId("import-undo"));
    const take = await screen.findByText("Take it back");
    expect(named("import_undo"), "asked first").toHaveLength(0);
    fireEvent.click(take);
    await waitFor(() =>
      expect(named("import_undo")).toEqual([["import_undo", { accountId: "1", importId: "3" }]]),
    );
    await waitFor(() => expect(screen.getByTestId("import-entry").dataset.state).toBe("undone"));
    expect(screen.queryByTestId("import-undo"), "once").toBeNull();
  });
});

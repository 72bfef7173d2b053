import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeRouter } from "../app/router";
import type {
  AppState,
  Chat,
  NamesFound,
  SearchByChat,
  SearchHit,
  SearchPage,
  SearchQuery,
  Stats,
} from "../bindings";
import { SERVER } from "../dev/accounts";
import { hitOf, pageOf } from "../dev/hit";
import { everywhere } from "./finding";

const APP: AppState = {
  version: "0",
  home: "",
  accounts: [SERVER],
  syncing: false,
  following: true,
  read_only: null,
};

const STATS: Stats = {
  conversations: 3,
  messages: 1_000,
  contacts: 0,
  participants: 0,
  media: 0,
  receipts: 0,
  bytes: { mirror: 0, search: 0, media: 0, wal: 0 },
  path: "",
  last_sync_at: null,
  search_behind: 0,
};

/** A list needs a size to know what of it is on the screen; without a layout this says one. */
class Sizes {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element) {
    const isPane = target instanceof HTMLElement && target.dataset.testid === "search-scroller";
    const contentRect = { width: 800, height: isPane ? 600 : 60 };
    const entry = { target, contentRect } as unknown as ResizeObserverEntry;
    queueMicrotask(() => this.tell([entry], this as unknown as ResizeObserver));
  }
  unobserve() {}
  disconnect() {}
}

const chatOf = (id: string, name: string): Chat => ({
  id,
  jid: `${id}@g.us`,
  name,
  kind: "group",
  account_id: "1",
  last: null,
  unread: 0,
  messages: 9,
  last_message_at: null,
  pinned: false,
  muted: false,
  archived: false,
  participants: 2,
  history_complete: false,
  gaps: [],
});

const BY_CHAT: SearchByChat = {
  chats: [
    { chat: chatOf("1", "Lisbon flat"), count: 5, hits: [hitOf("9"), hitOf("8")] },
    { chat: chatOf("2", "Book club"), count: 1, hits: [hitOf("4")] },
  ],
  more: false,
  behind: 0,
  is_indexed: true,
  unknown: [],
};

const ANA: NamesFound = {
  chats: [chatOf("3", "Ana's kitchen")],
  people: [
    { id: "7", jid: "a@s", name: "Ana", initial: "A", phone: null, account_id: "1", chat_id: null },
    { id: "8", jid: "b@s", name: "Ana B", initial: "A", phone: null, account_id: "1", chat_id: "3" },
  ],
};

/** The window at the search page, over a core that finds this. */
function show(
  find: (query: SearchQuery) => SearchPage | Promise<SearchPage>,
  stats: Partial<Stats> = {},
  byChat?: SearchByChat,
  names: NamesFound = { chats: [], people: [] },
) {
  const asked: SearchQuery[] = [];
  const commands: string[] = [];
  mockIPC(
    (command, payload) => {
      commands.push(command);
      if (command === "app_state") return APP;
      if (command === "stats_read") return { ...STATS, ...stats };
      if (command === "chat_list") return { chats: [], next: null };
      if (command === "search_messages") {
        const { query } = payload as { query: SearchQuery };
        asked.push(query);
        return find(query);
      }
      if (command === "search_names") return names;
      if (command === "search_by_chat" && byChat !== undefined) return byChat;
      return command === "search_rebuild" ? null : new Promise(() => {});
    },
    { shouldMockEvents: true },
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: ["/search"] }));
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { asked, commands, router };
}

const field = () => screen.findByTestId<HTMLInputElement>("search-field");
const type = async (value: string) => fireEvent.change(await field(), { target: { value } });
const press = async (key: string) => fireEvent.keyDown(await field(), { key });
const activeId = async () => (await field()).getAttribute("aria-activedescendant");

beforeEach(() => vi.stubGlobal("ResizeObserver", Sizes));
afterEach(() => {
  cleanup();
  clearMocks();
  vi.unstubAllGlobals();
  everywhere.setText("");
  everywhere.setOrder("newest");
});

describe("the search page", () => {
  it("takes the focus and says what one can type; an example is tried with a click", async () => {
    const { asked } = show(() => pageOf([hitOf("1")]));
    await waitFor(async () => expect(document.activeElement).toBe(await field()));
    const [example] = await screen.findAllByTestId("search-example");
    if (example !== undefined) fireEvent.click(example);
    await screen.findByTestId("hit");
    expect(asked.at(-1)?.text).toBe("train friday");
    expect((await field()).value).toBe("train friday");
  });

  it("shows a hit with its chat, its sender and its marks", async () => {
    show(() => pageOf([hitOf("1", { chat_name: "Sunday <b>Table</b>" })]));
    await type("message");
    const hit = await screen.findByTestId("hit");
    expect(hit.textContent).toContain("Sunday <b>Table</b> · Ana");
    expect([...hit.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["message"]);
    expect(hit.querySelector("b")).toBeNull();
  });

  it("is walked through by the keys and opens the chat at the message; back are the same hits", async () => {
    const { router } = show(() => pageOf(["3", "2", "1"].map((id) => hitOf(id, { chat_id: `c${id}` }))));
    await type("message");
    await screen.findAllByTestId("hit");
    expect(await activeId()).toBe("hit-3");
    await press("ArrowDown");
    expect(await activeId()).toBe("hit-2");
    await press("ArrowUp");
    await press("ArrowUp");
    expect(await activeId(), "there is nothing above the first").toBe("hit-3");
    await press("ArrowDown");
    await press("Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats/c2"));
    expect(router.state.location.state.jump).toMatchObject({ id: "2", fromHits: true });
    router.history.back();
    expect((await field()).value).toBe("message");
    expect(await activeId()).toBe("hit-2");
  });

  it("opens nothing that answers what stood there before", async () => {
    const waiting: ((page: SearchPage) => void)[] = [];
    const { router } = show(({ text }) =>
      text === "a" ? pageOf([hitOf("1")]) : new Promise((resolve) => waiting.push(resolve)),
    );
    await type("a");
    await screen.findByTestId("hit");
    await type("ab");
    await press("Enter");
    expect(router.state.location.pathname).toBe("/search");
    await waitFor(() => expect(screen.queryByTestId("hit")).toBeNull());
    expect(screen.getByTestId("search-status").textContent).toBe("Searching…");
    waiting[0]?.(pageOf([hitOf("2")]));
    expect((await screen.findByTestId("hit")).dataset.messageId).toBe("2");
  });

  it("says what it understood where nothing was found, and which names it does not know", async () => {
    show(() => pageOf([], { unknown: ["zorro"] }));
    await type('garden OR park "see you" -rain from:zorro before:2024-05-31');
    const none = await screen.findByTestId("search-none");
    const said = [...(await screen.findByTestId("understood")).children].map((each) => each.textContent);
    expect(said).toEqual([
      "with “garden”, or with “park”",
      "with “see you”, the words in this order",
      "without “rain”",
      "from “zorro”",
      expect.stringMatching(/^sent before .*2024$/),
    ]);
    expect(none.textContent).toContain("Nobody and nothing here is called “zorro”");
  });

  it("says how far the index is, and shows the hits so far", async () => {
    show(() => pageOf([hitOf("1")], { behind: 600 }), { search_behind: 600 });
    await type("message");
    await screen.findByTestId("hit");
    const bar = await screen.findByRole("progressbar");
    expect(bar.getAttribute("aria-valuenow")).toBe("400");
    expect(screen.getByTestId("indexing").textContent).toContain("400 of 1,000 messages can be found so far");
  });

  it("says that the index is being made where there is none", async () => {
    show(() => pageOf([], { about: null, behind: 1_000 }), { search_behind: 1_000 });
    await type("message");
    expect((await screen.findByTestId("indexing")).textContent).toContain("is being made");
    expect((await screen.findByTestId("search-none")).textContent).toContain("Nothing found so far");
  });

  it("says what is wrong with the index and has it made anew", async () => {
    let broken = true;
    const { commands } = show(() => {
      if (broken) throw { code: "search_index", message: "the search index cannot be used: it is damaged" };
      return pageOf([hitOf("1")]);
    });
    await type("message");
    expect((await screen.findByTestId("search-error")).textContent).toContain("it is damaged");
    fireEvent.click(screen.getByText("Try again"));
    await waitFor(() => expect(commands.filter((name) => name === "search_messages")).toHaveLength(2));
    await screen.findByTestId("search-error");
    broken = false;
    fireEvent.click(screen.getByTestId("search-rebuild"));
    await screen.findByTestId("hit");
    expect(commands).toContain("search_rebuild");
  });

  it("says that there is nothing to look through, and where it comes from", async () => {
    show(() => pageOf([]), { messages: 0 });
    const nothing = await screen.findByTestId("search-no-messages");
    expect(nothing.querySelector("a")?.getAttribute("href")).toContain("/sync");
    expect(screen.queryByTestId("search-examples")).toBeNull();
  });

  it("says how to go on with a filter that was only begun", async () => {
    const { asked } = show(() => pageOf([hitOf("1")]));
    await type("from:");
    await screen.findByText(/Go on with a name/);
    expect(asked).toEqual([]);
  });

  it("does not say a file's name twice", async () => {
    const file = { text: "plan.pdf", start: 0, cut: false, marks: [[0, 4]] as [number, number][] };
    show(() => pageOf([hitOf("1", { kind: "document", text: file, file })]));
    await type("plan");
    expect((await screen.findByTestId("hit")).textContent?.match(/plan\.pdf/g)).toHaveLength(1);
  });

  it("shows the filters of the text as chips, which take them out again", async () => {
    const { asked } = show(() => pageOf([hitOf("1")]));
    await type('message from:"Ana Souza" has:link after:2023');
    expect((await screen.findByTestId("chip-from")).textContent).toBe("From: Ana Souza");
    expect(screen.getByTestId("chip-time").textContent).toBe("After 2023");
    expect(screen.getByTestId("chip-has").textContent).toBe("Link");
    fireEvent.click(screen.getByTestId("chip-from-clear"));
    expect((await field()).value).toBe("message has:link after:2023");
    expect(asked.at(-1)?.text).toBe("message has:link after:2023");
  });

  it("counts hits by chat, walks through all of them, and shows a chat's all", async () => {
    const { asked } = show(
      () => pageOf([hitOf("1", { chat_name: "Lisbon flat" })], { about: 9, next: "x" }),
      {},
      BY_CHAT,
      { chats: [chatOf("1", "Lisbon flat")], people: [] },
    );
    await type("message");
    await screen.findByTestId("hit");
    fireEvent.click(screen.getByTestId("search-chats"));
    await waitFor(() => expect(screen.getAllByTestId("hit-group")).toHaveLength(2));
    expect(screen.getByTestId("search-status").textContent).toBe("6 messages in 2 chats");
    const [flat] = screen.getAllByTestId("hit-group");
    expect(flat?.textContent).toContain("Lisbon flat");
    expect(flat?.textContent).toContain("5 messages");
    expect(await activeId()).toBe("hit-9");
    for (const id of ["hit-8", "hit-4", "hit-4"]) {
      await press("ArrowDown");
      expect(await activeId(), "from chat to chat, and not beyond the last").toBe(id);
    }
    fireEvent.click(screen.getByTestId("hit-group-all"));
    // By its address: another chat may have the same name.
    expect((await field()).value.trim()).toBe("message in:1@g.us");
    await waitFor(() => expect(asked.at(-1)?.text.trim()).toBe("message in:1@g.us"));
    await waitFor(() => expect(screen.getByTestId("chip-in").textContent).toContain("Lisbon flat"));
    expect(everywhere.read().order).toBe("newest");
  });

  it("has the chats and people of that name above the messages, which the keys reach", async () => {
    const { router } = show(() => pageOf([hitOf("1")]), {}, undefined, ANA);
    await type("ana");
    await screen.findByTestId("hit");
    await screen.findByTestId("names");
    expect(await activeId(), "the keys begin at the messages").toBe("hit-1");
    await press("ArrowUp");
    expect(await activeId()).toBe("name-person-7");
    await press("ArrowUp");
    await press("ArrowUp");
    expect(await activeId(), "the chat is the first").toBe("name-chat-3");
    await press("ArrowDown");
    await press("Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe("/contacts/7"));
  });

  it("offers those of that name where no message is found, and none to what is more than a name", async () => {
    const { router } = show(() => pageOf([]), {}, undefined, ANA);
    await type("ana has:link");
    await screen.findByTestId("search-none");
    expect(screen.queryByTestId("names")).toBeNull();
    await type("ana");
    await screen.findByTestId("names");
    await waitFor(async () => expect(await activeId()).toBe("name-chat-3"));
    await press("Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats/3"));
  });

  it("is emptied by the first Esc and left by the second", async () => {
    const { router } = show(() => pageOf([hitOf("1")]));
    await type("message");
    await press("Escape");
    expect((await field()).value).toBe("");
    await press("Escape");
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats"));
  });

  it("keeps texts of any kind where they belong", async () => {
    const hostile: Partial<SearchHit>[] = [
      { chat_name: "\u202eevil", text: { text: "\u202eabc", start: 0, cut: false, marks: [[1, 2]] } },
      { text: { text: "", start: 0, cut: false, marks: [] }, kind: "voice" },
      { text: { text: "", start: 0, cut: false, marks: [] }, kind: "hologram" },
      { file: { text: "a<img src=x>.pdf", start: 0, cut: false, marks: [[0, 1]] }, kind: "document" },
    ];
    show(() => pageOf(hostile.map((more, index) => hitOf(String(index + 1), more))));
    await type("message");
    await waitFor(() => expect(screen.getAllByTestId("hit")).toHaveLength(4));
    const hits = screen.getAllByTestId("hit");
    expect(hits.map((hit) => hit.querySelectorAll("img").length)).toEqual([0, 0, 0, 0]);
    expect(hits[0]?.querySelector("bdi")?.textContent).toBe("\u202eevil");
    expect(hits[1]?.textContent).toContain("Voice message");
    expect(hits[2]?.textContent).toContain("A message without words");
    expect(hits[3]?.textContent).toContain("a<img src=x>.pdf");
  });
});

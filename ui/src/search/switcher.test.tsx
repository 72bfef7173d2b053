import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { makeRouter } from "../app/router";
import type { AppState, Chat, Person, QuickFound } from "../bindings";
import { SERVER } from "../dev/accounts";
import { hitOf, pageOf } from "../dev/hit";
import { everywhere } from "./finding";
import { isLongEnough } from "./quick";

const APP: AppState = {
  version: "0",
  home: "",
  accounts: [SERVER],
  syncing: false,
  following: true,
  read_only: null,
};

const chatOf = (id: string, name: string): Chat => ({
  id,
  jid: `${id}@s.whatsapp.net`,
  name,
  kind: "direct",
  account_id: "1",
  last: null,
  unread: 0,
  messages: 1,
  last_message_at: 0,
  pinned: false,
  muted: false,
  archived: false,
  participants: 0,
  history_complete: false,
  gaps: [],
});

const personOf = (name: string, chat_id: string | null): Person => ({
  jid: `${name}@s.whatsapp.net`,
  name,
  id: "7",
  initial: "A",
  phone: null,
  account_id: "1",
  chat_id,
});

const FOUND: QuickFound = {
  chats: [chatOf("1", "Ana Souza")],
  people: [personOf("Ana Souza", "1"), personOf("Anastasia", null)],
  messages: pageOf([hitOf("7", { chat_id: "4" })]),
};

/** The window over a core that finds this. */
function show(quick: (text: string) => QuickFound | Promise<QuickFound>) {
  const asked: string[] = [];
  mockIPC(
    (command, payload) => {
      if (command === "app_state") return APP;
      if (command === "chat_list") return { chats: [chatOf("8", "Mum"), chatOf("9", "Dad")], next: null };
      if (command === "search_names") return { chats: FOUND.chats, people: [] };
      if (command === "search_messages") return pageOf([]);
      if (command === "search_quick") {
        const { text } = payload as { text: string };
        asked.push(text);
        return quick(text);
      }
      return new Promise(() => {});
    },
    { shouldMockEvents: true },
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: ["/settings"] }));
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { asked, router };
}

async function open(): Promise<HTMLElement> {
  await screen.findByTestId("rail-chats");
  fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  return screen.findByTestId("switcher-field");
}

const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const options = () => screen.getAllByRole("option").map((each) => each.textContent);
const active = (field: HTMLElement) =>
  document.getElementById(field.getAttribute("aria-activedescendant") ?? "")?.textContent;

afterEach(() => {
  cleanup();
  clearMocks();
  everywhere.setText("");
});

describe("the quick switcher", () => {
  it("opens with the latest chats, and closes with Esc and with the same keys", async () => {
    show(() => FOUND);
    const field = await open();
    await waitFor(() => expect(options()).toEqual(["MUMum", "DADad"]));
    fireEvent.keyDown(field, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("switcher")).toBeNull());
    await open();
    fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    await waitFor(() => expect(screen.queryByTestId("switcher")).toBeNull());
  });

  it("lists chats, people who are not among them, messages, and the search of everything", async () => {
    show(() => FOUND);
    type(await open(), "ana");
    await screen.findByTestId("choice-message");
    const groups = screen.getAllByRole("group").map((group) => group.getAttribute("aria-label"));
    expect(groups).toEqual(["Chats", "People", "Messages", "Everywhere"]);
    expect(screen.getAllByTestId("choice-person")).toHaveLength(1);
  });

  it("is walked through with the arrows, around both ends, and opens with Enter", async () => {
    const { router } = show(() => FOUND);
    const field = await open();
    type(field, "ana");
    await screen.findByTestId("choice-chat");
    expect(active(field)).toContain("Ana Souza");
    fireEvent.keyDown(field, { key: "ArrowUp" });
    expect(active(field)).toContain("Search all messages");
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats/1"));
    await waitFor(() => expect(screen.queryByTestId("switcher")).toBeNull());
  });

  it("opens a message in its chat, at the message", async () => {
    const { router } = show(() => FOUND);
    type(await open(), "message");
    fireEvent.click(await screen.findByTestId("choice-message"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats/4"));
    expect(router.state.location.state.jump).toMatchObject({ id: "7", fromHits: false });
  });

  it("shows who somebody is with whom there is no chat", async () => {
    const { router } = show(() => FOUND);
    type(await open(), "ana");
    fireEvent.click(await screen.findByTestId("choice-person"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/contacts/7"));
  });

  it("keeps an Enter until the answer to the last letter is there, and opens that", async () => {
    let answer: (found: QuickFound) => void = () => {};
    const { router } = show((text) => (text === "a" ? FOUND : new Promise((resolve) => (answer = resolve))));
    const field = await open();
    type(field, "a");
    await screen.findByTestId("choice-chat");
    type(field, "am");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(router.state.location.pathname).toBe("/settings");
    answer({ ...FOUND, chats: [chatOf("5", "Amalia")], people: [] });
    await waitFor(() => expect(router.state.location.pathname).toBe("/chats/5"));
  });

  it("asks again when another search came between", async () => {
    let times = 0;
    const { asked } = show(() => {
      times += 1;
      if (times === 1) throw { code: "search_superseded", message: "" };
      return FOUND;
    });
    type(await open(), "ana");
    await screen.findByTestId("choice-chat");
    expect(asked).toEqual(["ana", "ana"]);
  });

  it("still finds chats by name when the index is broken, and says that it is", async () => {
    show(() => {
      throw { code: "search_index", message: "damaged" };
    });
    type(await open(), "ana");
    await screen.findByTestId("choice-chat");
    expect(screen.getByRole("alert").textContent).toContain("no messages");
  });
});

describe("messages", () => {
  it.each(["ana", "你", "👍", "ab1"])("are worth showing for %s", (text) =>
    expect(isLongEnough(text)).toBe(true),
  );
  it.each(["", "an", " a ", "a-b"])("are not for %j", (text) => expect(isLongEnough(text)).toBe(false));
});

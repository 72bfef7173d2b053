import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Excerpt, SearchPage, SearchQuery } from "../bindings";
import { hitOf, pageOf } from "../dev/hit";
import { messageOf } from "../dev/message";
import { ChatSearchBar } from "./chat-search";
import { MessageRow } from "./message-row";
import { useChatSearch } from "./use-chat-search";

afterEach(() => {
  vi.useRealTimers();
  cleanup();
  clearMocks();
});

type BarProps = { onJump: (id: string) => void; onClose: () => void; viewAt?: () => number | null };

function Bar({ onJump, onClose, viewAt }: BarProps) {
  const search = useChatSearch("7", (jump) => onJump(jump.id), viewAt);
  return <ChatSearchBar search={search} onClose={onClose} />;
}

/** The bar over a core that finds this; says where it led, and what the core was asked. */
function show(find: (query: SearchQuery) => SearchPage, viewAt?: () => number | null) {
  const asked: SearchQuery[] = [];
  mockIPC((_, payload) => {
    const { query } = payload as { query: SearchQuery };
    asked.push(query);
    return find(query);
  });
  const led: string[] = [];
  const onClose = vi.fn();
  render(<Bar onJump={(id) => led.push(id)} onClose={onClose} {...(viewAt && { viewAt })} />);
  return { asked, led, onClose };
}

const field = () => screen.getByTestId<HTMLInputElement>("chat-search-field");
const count = () => screen.getByTestId("chat-search-count").textContent;
const press = async (key: string, shiftKey = false) => {
  await act(async () => {
    fireEvent.keyDown(field(), { key, shiftKey });
  });
};
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const counted = (words: string) => waitFor(() => expect(count()).toBe(words));

describe("the search in a chat", () => {
  it("takes the focus, asks for this chat alone and leads to the newest hit by itself", async () => {
    const { asked, led } = show(() => pageOf([hitOf("3"), hitOf("2"), hitOf("1")]));
    expect(document.activeElement).toBe(field());
    type("message");
    await counted("1 of 3");
    expect(asked[0]).toMatchObject({ text: "message", chat_id: "7", order: "newest" });
    await waitFor(() => expect(led).toEqual(["3"]));
  });

  it("begins at the hit that is in view or comes before it, and not at the end of the chat", async () => {
    const minute = 60_000;
    const { led } = show(
      () => pageOf([hitOf("9"), hitOf("6"), hitOf("3")]),
      () => 7 * minute,
    );
    type("message");
    await waitFor(() => expect(led).toEqual(["6"]));
    expect(count()).toBe("2 of 3");
    await press("Enter");
    expect(led).toEqual(["6", "3"]);
  });

  it("brings more hits until one is as old as what is in view, and takes the oldest where none is", async () => {
    const pages: Record<string, SearchPage> = {
      "": pageOf([hitOf("9"), hitOf("8")], { about: 4, next: "K" }),
      K: pageOf([hitOf("6"), hitOf("5")], { about: null }),
    };
    const view = { at: 360_000 };
    const { led } = show(
      ({ place }) => pages[place ?? ""] ?? pageOf([]),
      () => view.at,
    );
    type("message");
    await waitFor(() => expect(led).toEqual(["6"]));
    expect(count()).toBe("3 of 4");
    view.at = 60_000;
    type("messages");
    await waitFor(() => expect(led).toEqual(["6", "5"]));
  });

  it("goes to older hits with Enter, back with Shift+Enter, and around both ends", async () => {
    const { led } = show(() => pageOf([hitOf("3"), hitOf("2"), hitOf("1")]));
    type("message");
    await waitFor(() => expect(led).toEqual(["3"]));
    await press("Enter");
    await press("ArrowUp");
    expect(count()).toBe("3 of 3");
    await press("Enter");
    await press("Enter", true);
    await press("ArrowDown");
    expect(led).toEqual(["3", "2", "1", "3", "1", "2"]);
    fireEvent.click(screen.getByTestId("chat-search-next"));
    fireEvent.click(screen.getByTestId("chat-search-previous"));
    await waitFor(() => expect(led.slice(6)).toEqual(["1", "2"]));
  });

  it("does not skip the first hit when Enter is faster than the jump by itself", async () => {
    vi.useFakeTimers();
    const { led } = show(() => pageOf([hitOf("3"), hitOf("2")]));
    type("message");
    await act(async () => {
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(count()).toBe("1 of 2");
    await press("Enter");
    expect(led).toEqual(["3"]);
    await act(async () => {
      await vi.advanceTimersByTimeAsync(1_000);
    });
    expect(led, "and is not led there a second time").toEqual(["3"]);
  });

  it("brings the hits that follow before the last one is reached", async () => {
    const pages: Record<string, SearchPage> = {
      "": pageOf([hitOf("4"), hitOf("3")], { about: 4, next: "K" }),
      K: pageOf([hitOf("2"), hitOf("1")], { about: null }),
    };
    const { led } = show(({ place }) => pages[place ?? ""] ?? pageOf([]));
    type("message");
    await waitFor(() => expect(led).toEqual(["4"]));
    await counted("1 of 4");
    for (const _ of "123") await press("Enter");
    expect(led).toEqual(["4", "3", "2", "1"]);
  });

  it.each<[string, Partial<SearchPage>, string]>([
    ["says about how many there are while not all are here", { about: 271, next: "K" }, "1 of about 271"],
    ["says when counting has stopped", { about: 10_000, more: true, next: "K" }, "1 of more than 10,000"],
    ["says that not all is indexed yet", { behind: 5 }, "1 of 1, still indexing"],
  ])("%s", async (_, more, words) => {
    show(({ place }) =>
      place === null ? pageOf([hitOf("1")], more) : pageOf([], { about: null, next: "K" }),
    );
    type("message");
    await counted(words);
  });

  it("says that nothing was found, and what is wrong", async () => {
    let broken = false;
    const { led } = show(() => {
      if (broken) throw { code: "search_index", message: "damaged" };
      return pageOf([]);
    });
    type("message");
    await counted("Nothing found");
    await press("Enter");
    expect(led).toEqual([]);
    broken = true;
    type("messages");
    await counted("Nothing can be looked for just now");
  });

  it("is closed with Esc, which goes no further", async () => {
    const { onClose } = show(() => pageOf([]));
    const outside = vi.fn();
    window.addEventListener("keydown", outside);
    await press("Escape");
    window.removeEventListener("keydown", outside);
    expect(onClose).toHaveBeenCalledOnce();
    expect(outside).not.toHaveBeenCalled();
  });
});

describe("a message that was found", () => {
  const draw = (text: string, found: Excerpt) =>
    render(
      <MessageRow
        message={messageOf("1", { text })}
        first
        isGroup
        marked={false}
        found={found}
        onJump={() => {}}
        onDetails={() => {}}
      />,
    );
  const marked = () => [...document.querySelectorAll("mark")].map((mark) => mark.textContent);

  it("has its words marked, across links too, and loses none of them", () => {
    const text = "see https://example.org/garden in the garden";
    draw(text, {
      text,
      start: 0,
      cut: false,
      marks: [
        [24, 30],
        [38, 44],
      ],
    });
    expect(screen.getByTestId("message-text").textContent).toBe(text);
    expect(marked()).toEqual(["garden", "garden"]);
    expect(document.querySelector("button mark"), "the link is still one").not.toBeNull();
  });

  it("counts from where the piece begins in a long text, and unfolds it so far", () => {
    const text = `${"x ".repeat(4_000)}needle${" y".repeat(4_000)}`;
    draw(text, { text: "x needle y", start: 7_998, cut: true, marks: [[2, 8]] });
    expect(marked()).toEqual(["needle"]);
    expect(screen.getByText(/Show all/)).toBeTruthy();
  });

  it("is not marked where its text has become another", () => {
    draw("something else entirely", { text: "the needle", start: 0, cut: false, marks: [[4, 10]] });
    expect(marked()).toEqual([]);
  });
});

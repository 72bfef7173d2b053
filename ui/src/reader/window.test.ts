import { describe, expect, it } from "vitest";
import type { Message, MessagePage } from "../bindings";
import { messageOf } from "../dev/message";
import { messagePage } from "../dev/pages";
import { append, firstUnread, type Loaded, open, prepend, splice, trim } from "./window";

const chat = (length: number): Message[] => Array.from({ length }, (_, index) => messageOf(String(index)));

const ids = (loaded: Loaded | null) => loaded?.messages.map((message) => Number(message.id));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("paging", () => {
  const said = chat(100);

  it("grows at both ends without a gap or a repeat", () => {
    let loaded = open(messagePage(said, { at: "around", value: "50" }, 20));
    while (loaded.older !== null) {
      loaded = prepend(loaded, messagePage(said, { at: "before", value: loaded.older }, 7));
    }
    while (loaded.newer !== null) {
      loaded = append(loaded, messagePage(said, { at: "after", value: loaded.newer }, 9));
    }
    expect(ids(loaded)).toEqual(range(0, 100));
  });

  it("leaves out what a page brings a second time", () => {
    const loaded = open({ messages: said.slice(10, 20), older: "10", newer: "20" });
    const more = append(loaded, { messages: said.slice(18, 25), older: "18", newer: "25" });
    expect(ids(more)).toEqual(range(10, 25));
    const back = prepend(more, { messages: said.slice(5, 12), older: "5", newer: "12" });
    expect(ids(back)).toEqual(range(5, 25));
    expect([back.older, back.newer]).toEqual(["5", "25"]);
  });
});

describe("what changed in the mirror", () => {
  const said = chat(40);
  const newest = (of: Message[]): MessagePage => messagePage(of, { at: "newest" }, 10);

  it("takes the place of what it overlaps and grows an open end", () => {
    const loaded = open(newest(said));
    const later = [...chat(43)];
    later[35] = messageOf("35", { text: "edited", edited: true });
    const fresh = splice(loaded, newest(later));
    expect(ids(fresh)).toEqual(range(30, 43));
    expect(fresh?.messages[5]?.text).toBe("edited");
    expect(fresh?.newer).toBeNull();
  });

  it("keeps the very objects that did not change, so that their rows are not drawn again", () => {
    const loaded = open(newest(said));
    const fresh = splice(loaded, structuredClone(newest(said)));
    expect(fresh?.messages.every((message, index) => message === loaded.messages[index])).toBe(true);
  });

  it("does not grow an end that goes on elsewhere", () => {
    const loaded = open(messagePage(said, { at: "oldest" }, 10));
    const fresh = splice(loaded, messagePage(said, { at: "around", value: "8" }, 10));
    expect(ids(fresh)).toEqual(range(0, 10));
    expect(fresh?.newer).toBe("10");
  });

  it("takes in a message that arrived late, between two that were here", () => {
    const holed = said.filter((message) => message.id !== "35");
    const fresh = splice(open(newest(holed)), newest(said));
    expect(ids(fresh)?.filter((id) => id >= 31)).toEqual(range(31, 40));
  });

  it("says so when it does not overlap at all", () => {
    expect(splice(open(newest(said)), newest(chat(90)))).toBeNull();
  });
});

describe("letting go", () => {
  const said = chat(100);
  const whole = () => {
    let loaded = open(messagePage(said, { at: "newest" }, 20));
    while (loaded.older !== null) {
      loaded = prepend(loaded, messagePage(said, { at: "before", value: loaded.older }, 20));
    }
    return loaded;
  };

  it("drops whole pages at the far end, which can be fetched again", () => {
    const short = trim(whole(), "newer", 50);
    expect(ids(short)).toEqual(range(0, 40));
    const again = append(short, messagePage(said, { at: "after", value: short.newer ?? "" }, 20));
    expect(ids(again)).toEqual(range(0, 60));
  });

  it("does the same at the beginning", () => {
    const short = trim(whole(), "older", 50);
    expect(ids(short)).toEqual(range(60, 100));
    const again = prepend(short, messagePage(said, { at: "before", value: short.older ?? "" }, 20));
    expect(ids(again)).toEqual(range(40, 100));
  });

  it("does nothing while there is room", () => {
    const loaded = whole();
    expect(trim(loaded, "newer", 100)).toBe(loaded);
  });
});

describe("the first unread message", () => {
  it("is as many from the end as the chat counts, one's own and system lines not counted", () => {
    const said = chat(10);
    said[8] = messageOf("8", { from_me: true, sender: null });
    said[6] = messageOf("6", { kind: "system", sender: null });
    expect(firstUnread(open({ messages: said, older: null, newer: null }), 3)).toBe("5");
  });

  it("is nowhere when nothing is unread, when it lies further back, or when the end is not here", () => {
    const said = chat(5);
    expect(firstUnread(open({ messages: said, older: null, newer: null }), 0)).toBeNull();
    expect(firstUnread(open({ messages: said, older: "0", newer: null }), 9)).toBeNull();
    expect(firstUnread(open({ messages: said, older: null, newer: "5" }), 2)).toBeNull();
  });
});

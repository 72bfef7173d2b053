import { describe, expect, it } from "vitest";
import { makeArchive } from "../dev/archive";
import { steady } from "./steady";

const [a, b, c, d, e] = makeArchive(false).chats.map((chat) => ({ ...chat, name: chat.id }));
if (!a || !b || !c || !d || !e) throw new Error("the archive has five chats");

describe("a list that is held", () => {
  it("keeps its places and shows what is new in them", () => {
    const news = { ...c, unread: 9 };
    expect(steady([a, b, c], [news, a, b])).toEqual([a, b, news]);
  });

  it("lets new chats wait, and those of the next page come", () => {
    expect(steady([a, b], [e, b, a, c, d])).toEqual([a, b, c, d]);
  });

  it("drops what is listed no more", () => {
    expect(steady([a, b, c], [c, a])).toEqual([a, c]);
    expect(steady([a, b], [])).toEqual([]);
  });
});

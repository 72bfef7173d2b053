import { expect, it } from "vitest";
import { makeArchive } from "../dev/archive";
import { neighbour } from "./chat-keys";

const { chats } = makeArchive(false);

it("goes from chat to chat and stops at the ends", () => {
  expect(neighbour(chats, chats[0]?.id, 1, false)).toBe(chats[1]);
  expect(neighbour(chats, chats[0]?.id, -1, false)).toBeUndefined();
  expect(neighbour(chats, chats.at(-1)?.id, 1, false)).toBeUndefined();
});

it("begins at the first chat downwards and at the last upwards when none is open", () => {
  expect(neighbour(chats, undefined, 1, false)).toBe(chats[0]);
  expect(neighbour(chats, undefined, -1, false)).toBe(chats.at(-1));
});

it("leaps over what is read when only the unread is wanted", () => {
  const found = neighbour(chats, chats[1]?.id, 1, true);
  expect(found?.unread).toBeGreaterThan(0);
});

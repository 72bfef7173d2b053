import { describe, expect, it } from "vitest";
import type { KeepRule, SelectionView } from "../bindings";
import {
  goesAlong,
  isOwn,
  NOTHING,
  ruleOf,
  sameAsked,
  toAsked,
  toDraft,
  withBase,
  withChat,
  withWhich,
} from "./draft";

const ALL: KeepRule = { included: true, since: null, media: true };
const SINCE: KeepRule = { included: true, since: 1_700_000_000_000, media: true };

const viewOf = (rule: KeepRule, chats: [string, KeepRule][] = []): SelectionView => ({
  account_id: "1",
  rule,
  chats: chats.map(([chat_id, own]) => ({ chat_id, title: `Chat ${chat_id}`, rule: own })),
  pending: false,
});

describe("a choice of what is kept", () => {
  it.each([
    viewOf(ALL),
    viewOf(SINCE, [["7", ALL]]),
    viewOf(ALL, [["7", NOTHING]]),
    viewOf(NOTHING, [
      ["7", SINCE],
      ["8", ALL],
    ]),
  ])("asks for what is kept already while nothing was changed", (view) => {
    const asked = toAsked(toDraft(view));
    expect(asked).toEqual({
      rule: view.rule,
      chats: view.chats.map(({ chat_id, rule }) => ({ chat_id, rule })),
    });
  });

  it("asks for a chat only where something else holds for it", () => {
    let draft = toDraft(viewOf(ALL));
    draft = withChat(draft, "7", "Ana", NOTHING);
    expect(isOwn(draft, "7")).toBe(true);
    expect(toAsked(draft).chats).toEqual([{ chat_id: "7", rule: NOTHING }]);
    draft = withChat(draft, "7", "Ana", ALL);
    expect(isOwn(draft, "7")).toBe(false);
    expect(toAsked(draft).chats).toEqual([]);
  });

  it("takes chats that go along with it to where it goes, and leaves the others", () => {
    let draft = withChat(toDraft(viewOf(NOTHING)), "7", "Ana", ALL);
    draft = withChat(draft, "8", "Bob", { included: true, since: 5, media: false });
    expect(goesAlong(draft, "7")).toBe(true);
    draft = withBase(draft, { since: SINCE.since });
    expect(ruleOf(draft, "7")).toEqual(SINCE);
    expect(ruleOf(draft, "8")).toEqual({ included: true, since: 5, media: false });
  });

  it("keeps chosen chats when all are chosen, and those that were left out", () => {
    let draft = withChat(toDraft(viewOf(ALL)), "7", "Ana", NOTHING);
    draft = withChat(draft, "8", "Bob", SINCE);
    draft = withWhich(draft, "chosen");
    expect(toAsked(draft)).toEqual({ rule: NOTHING, chats: [{ chat_id: "8", rule: SINCE }] });
    draft = withWhich(draft, "all");
    expect(toAsked(draft).chats).toEqual([
      { chat_id: "7", rule: NOTHING },
      { chat_id: "8", rule: SINCE },
    ]);
  });

  it("goes on with what most chosen chats have", () => {
    const draft = toDraft(
      viewOf(NOTHING, [
        ["1", ALL],
        ["2", SINCE],
        ["3", SINCE],
      ]),
    );
    expect(draft.base).toEqual({ since: SINCE.since, media: true });
    expect(toDraft(viewOf(NOTHING)).base).toEqual({ since: null, media: true });
  });

  it("is the same whatever the order of its chats", () => {
    const [a, b] = [
      { chat_id: "1", rule: ALL },
      { chat_id: "2", rule: SINCE },
    ];
    expect(sameAsked({ rule: NOTHING, chats: [a, b] }, { rule: NOTHING, chats: [b, a] })).toBe(true);
    expect(sameAsked({ rule: NOTHING, chats: [a] }, { rule: NOTHING, chats: [b] })).toBe(false);
    expect(sameAsked({ rule: NOTHING, chats: [a] }, { rule: NOTHING, chats: [a, b] })).toBe(false);
    expect(sameAsked({ rule: ALL, chats: [] }, { rule: { ...ALL, media: false }, chats: [] })).toBe(false);
  });
});

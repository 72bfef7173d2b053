import { describe, expect, it } from "vitest";
import type { KeepRule, SelectionView } from "../bindings";
import { NOTHING } from "./draft";
import { freedWords, freesAnything, planWords, ruleWords, selectionWords } from "./words";

const ALL: KeepRule = { included: true, since: null, media: true };
const SINCE = new Date(2021, 4, 3).getTime();
const NONE = { chats: 0, messages: 0, media: 0, bytes: 0 };

describe("rules in words", () => {
  it("say how far back and whether with media", () => {
    expect(ruleWords(ALL)).toBe("Everything");
    expect(ruleWords({ ...ALL, media: false })).toBe("Everything, without media");
    expect(ruleWords({ ...ALL, since: SINCE })).toMatch(/^From .*2021 on$/);
    expect(ruleWords(NOTHING)).toBe("Not kept here");
  });

  it("say what of an account is kept", () => {
    const chat = { chat_id: "1", title: "Ana", rule: ALL };
    const view: SelectionView = { account_id: "1", rule: ALL, chats: [], pending: false };
    expect(selectionWords(view)).toBe("Everything");
    expect(selectionWords({ ...view, chats: [{ ...chat, rule: NOTHING }] })).toBe(
      "Everything; 1 chat differently",
    );
    expect(selectionWords({ ...view, rule: NOTHING, chats: [chat] })).toBe("Only 1 chosen chat");
    expect(selectionWords({ ...view, rule: NOTHING })).toBe("Nothing is kept here");
  });
});

describe("a plan in words", () => {
  const frees = { chats: 3, messages: 1_204, media: 81, bytes: 12_000_000 };

  it("says how much goes, and from where", () => {
    expect(freedWords(frees)).toBe("1,204 messages and 81 files of 3 chats (12 MB)");
    expect(freedWords({ ...NONE, chats: 1, media: 1 })).toBe("1 file of 1 chat");
    expect(planWords({ frees, fetches: false }, "this computer")).toMatch(
      /^Removes .* from this computer\.$/,
    );
  });

  it("says that something comes, and that nothing changes", () => {
    expect(planWords({ frees: NONE, fetches: true }, "here")).toBe("Brings what is missing.");
    expect(planWords({ frees, fetches: true }, "here")).toMatch(/^Removes .*\. Brings what is missing\.$/);
    expect(planWords({ frees: NONE, fetches: false }, "here")).toBe("Nothing that is here changes.");
  });

  it("knows when anything goes at all", () => {
    expect(freesAnything(NONE)).toBe(false);
    expect(freesAnything({ ...NONE, media: 1 })).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { formatMoment } from "../app/format";
import type { Message } from "../bindings";
import { messageOf } from "../dev/message";
import { conversation, withSender, wordsOf } from "./wording";

const place = { latitude: 38.5, longitude: -9.25, name: "Miradouro", address: "" };
const poll = { options: ["Thursday", "Friday"], votes: [], several: false };

describe("a message on the clipboard", () => {
  it.each<[string, Partial<Message>, string]>([
    ["as it was typed", { text: "*so* it is" }, "*so* it is"],
    [
      "with the names of those whom it mentions",
      { text: "ask @4915550002", mentions: [{ handle: "4915550002", name: "Ana" }] },
      "ask @Ana",
    ],
    ["as the name of what has no words", { kind: "image", text: "" }, "Photo"],
    ["as a place", { kind: "location", text: "Miradouro", place }, "Miradouro\n38.50000, -9.25000"],
    ["as a poll", { kind: "poll", text: "When?", poll }, "When?\n- Thursday\n- Friday"],
    ["as a card", { kind: "contact", text: "Ana", cards: [{ name: "Ana", phone: "+351" }] }, "Ana +351"],
    ["without what was deleted", { text: "secret", deleted: true }, "This message was deleted"],
  ])("is %s", (_, more, words) => expect(wordsOf(messageOf("1", more))).toBe(words));

  it("says who and when where that is wanted", () => {
    expect(withSender(messageOf("2"))).toBe(`${formatMoment(120_000)}, Ana:\nmessage 2`);
    expect(withSender(messageOf("2", { from_me: true, sender: null }))).toContain(", You:");
    expect(withSender(messageOf("2", { kind: "system", sender: null }))).toBe(
      `${formatMoment(120_000)}:\nmessage 2`,
    );
  });

  it("stands below the one before", () => {
    expect(conversation([messageOf("1"), messageOf("2")]).split("\n\n")).toHaveLength(2);
  });
});

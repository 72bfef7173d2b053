import { describe, expect, it } from "vitest";
import { messageOf } from "../dev/message";
import { continues, toRows } from "./rows";

const local = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).getTime();

describe("rows", () => {
  it("separate the days of the reader's own time zone", () => {
    const rows = toRows(
      [
        messageOf("1", { at: local(3, 23, 58) }),
        messageOf("2", { at: local(3, 23, 59) }),
        messageOf("3", { at: local(4, 0, 1) }),
      ],
      null,
      0,
    );
    expect(rows.map((row) => row.type)).toEqual(["day", "message", "message", "day", "message"]);
    const last = rows[4];
    expect(last?.type === "message" && last.first).toBe(true);
  });

  it("draw a line above the first unread message and begin it anew", () => {
    const rows = toRows([messageOf("1"), messageOf("2")], "2", 4);
    expect(rows.map((row) => row.type)).toEqual(["day", "message", "new", "message"]);
    expect(rows[2]).toMatchObject({ count: 4 });
    expect(rows[3]).toMatchObject({ first: true });
  });

  it("have keys that are all different", () => {
    const rows = toRows(
      [
        messageOf("1", { at: local(3, 1) }),
        messageOf("2", { at: local(4, 1) }),
        messageOf("3", { at: local(3, 2) }),
      ],
      null,
      0,
    );
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});

describe("what one person says in one breath", () => {
  const first = messageOf("1", { at: local(3, 12) });

  it("goes on for five minutes", () => {
    expect(continues(first, messageOf("2", { at: local(3, 12, 5) }))).toBe(true);
    expect(continues(first, messageOf("2", { at: local(3, 12, 5) + 1 }))).toBe(false);
  });

  it("ends with another person, with oneself and with a system line", () => {
    const soon = { at: local(3, 12, 1) };
    expect(continues(first, messageOf("2", { ...soon, sender: { jid: "joao", name: "Ana" } }))).toBe(false);
    expect(continues(first, messageOf("2", { ...soon, sender: null, from_me: true }))).toBe(false);
    expect(continues(first, messageOf("2", { ...soon, kind: "system", sender: null }))).toBe(false);
  });
});

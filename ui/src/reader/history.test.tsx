import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../app/call";
import type { History, HistoryStatus } from "../bindings";
import { messageOf } from "../dev/message";
import { missing } from "./gap-row";
import { HistoryBar } from "./history-bar";
import { toRows } from "./rows";

afterEach(cleanup);

const OLDEST = new Date(2021, 4, 3, 10).getTime();

const historyOf = (status: HistoryStatus, more: Partial<History> = {}): History => ({
  chat_id: "1",
  status,
  messages_synced: 150,
  max_messages: 10_000,
  progress_percent: 1,
  last_message_id: "A",
  last_timestamp: OLDEST,
  error_message: null,
  history_complete: false,
  gaps: [],
  since: OLDEST,
  can_ask: true,
  followed: true,
  ...more,
});

function show(history: History | null, error: AppError | null = null) {
  const control = { history, error, load: vi.fn(), cancel: vi.fn() };
  render(<HistoryBar control={control} oldest={OLDEST} />);
  return control;
}

describe("the top of a chat", () => {
  it("offers what is older", () => {
    const { load } = show(historyOf("not_started"));
    expect(screen.getByTestId("history-state").textContent).toMatch(/^Here since .*2021/);
    fireEvent.click(screen.getByText("Load full history"));
    expect(load).toHaveBeenCalledOnce();
  });

  it("counts what comes and can be stopped", () => {
    const { cancel } = show(historyOf("in_progress"));
    expect(screen.getByRole("status").textContent).toMatch(/^150 older messages so far, back to .*2021/);
    expect(screen.queryByRole("progressbar")).toBeNull();
    fireEvent.click(screen.getByText("Cancel"));
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("draws a bar where it is known how much is to come", () => {
    show(historyOf("in_progress", { max_messages: 1_000 }));
    expect(screen.getByRole("progressbar")).toMatchObject({ value: 150, max: 1_000 });
  });

  it.each([
    ["interrupted", "Go on loading", "Interrupted after 150 older messagesThe phone did not answer."],
    ["cancelled", "Go on loading", "Stopped after 150 older messages. They are kept."],
    ["failed", "Try again", "Failed after 150 older messagesThe phone did not answer."],
  ] as const)("says why it is %s and goes on", (status, button, text) => {
    const { load } = show(historyOf(status, { error_message: "The phone did not answer." }));
    expect(screen.getByTestId("history-state").textContent).toBe(text);
    fireEvent.click(screen.getByText(button));
    expect(load).toHaveBeenCalledOnce();
  });

  it.each([
    ["interrupted", "Interrupted before anything came"],
    ["cancelled", "Stopped before anything came."],
    ["failed", "Older messages did not come"],
  ] as const)("says that nothing came before it was %s", (status, text) => {
    show(historyOf(status, { messages_synced: 0 }));
    expect(screen.getByTestId("history-state").textContent).toContain(text);
    expect(screen.getByTestId("history-state").textContent).not.toContain("0 older");
  });

  it("says that this is the beginning, and asks for nothing more", () => {
    show(historyOf("completed", { history_complete: true }));
    expect(screen.getByTestId("history-complete").textContent).toBe("The beginning of this chat");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("offers nothing where the server cannot be asked", () => {
    show(historyOf("not_started", { can_ask: false }));
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByTestId("history-closed").textContent).toContain("cannot be asked");
  });

  it("says in words what went wrong", () => {
    show(historyOf("not_started"), new AppError("unreachable", "no answer from https://example.org"));
    expect(screen.getByTestId("history-state").textContent).toContain("The server cannot be reached");
    expect(screen.getByText("Try again")).toBeTruthy();
  });
});

describe("a gap", () => {
  const at = (day: number, hour: number) => new Date(2026, 4, day, hour).getTime();
  const gap = { after: at(3, 12), before: at(5, 9) };
  const messages = [messageOf("1", { at: at(3, 12) }), messageOf("2", { at: at(5, 9) })];

  it("stands between the messages that it lies between", () => {
    const rows = toRows(messages, null, 0, [gap]);
    expect(rows.map((row) => row.type)).toEqual(["day", "message", "gap", "day", "message"]);
  });

  it("is not drawn where the messages on its other side are not loaded", () => {
    expect(toRows(messages.slice(1), null, 0, [gap]).some((row) => row.type === "gap")).toBe(false);
  });

  it("begins the next message anew", () => {
    const close = { after: at(3, 12), before: at(3, 12) + 60_000 };
    const soon = [messages[0], messageOf("2", { at: close.before })].filter((each) => each !== undefined);
    const rows = toRows(soon, null, 0, [close]);
    expect(rows.map((row) => row.type)).toEqual(["day", "message", "gap", "message"]);
    expect(rows[3]).toMatchObject({ first: true });
  });

  it("is told in hours within a day and in days beyond", () => {
    expect(missing(at(3, 9), at(3, 12))).toMatch(/^Messages from \d.*:.* to .*:.* may be missing\.$/);
    expect(missing(gap.after, gap.before)).toMatch(/2026 to .*2026 may be missing\.$/);
  });
});

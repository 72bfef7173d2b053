import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { VerifyReport } from "../bindings";
import { VerifyCard } from "./verify-card";
import { forgetVerify } from "./verify-store";

afterEach(() => {
  cleanup();
  clearMocks();
  forgetVerify();
});

const REPORT: VerifyReport = {
  account_id: "1",
  outcome: "completed",
  sound: true,
  mended: 0,
  removed: 0,
  only_here: 0,
  counters: 0,
  streams: [
    { stream: "messages", rows: 1_200, differing: 0, mended: 0, removed: 0, only_here: 0, equal: true },
  ],
  errors: [],
  seconds: 1,
};

/** The card over a core that answers with this; says what the core was asked. */
function show(answer: () => unknown) {
  const asked: [string, Record<string, unknown>][] = [];
  mockIPC((command, payload) => {
    asked.push([command, payload as Record<string, unknown>]);
    return command === "verify_start" ? answer() : null;
  });
  render(<VerifyCard disabled={false} nameOf={(id) => (id === "1" ? "Fay's phone" : undefined)} />);
  return asked;
}

const verify = () => fireEvent.click(screen.getByTestId("verify-start"));

describe("the Verify button", () => {
  it("says that all is well, and how much was compared", async () => {
    const asked = show(() => [REPORT]);
    verify();
    const result = await screen.findByTestId("verify-result");
    expect(result.textContent).toContain("Everything here is as on the server");
    expect(result.textContent).toContain("1,200 rows were compared");
    const [, payload] = asked.find(([command]) => command === "verify_start") ?? ["", {}];
    expect(payload.options).toEqual({ full: false, dry_run: false });
  });

  it("compares every text where that is ticked", async () => {
    const asked = show(() => [REPORT]);
    fireEvent.click(screen.getByTestId("verify-full"));
    verify();
    await screen.findByTestId("verify-result");
    const [, payload] = asked.find(([command]) => command === "verify_start") ?? ["", {}];
    expect(payload.options).toEqual({ full: true, dry_run: false });
  });

  it.each([
    [{ mended: 3 }, "3 rows mended"],
    [{ mended: 1 }, "1 row mended"],
    [{ removed: 2 }, "2 rows that the server never had were removed"],
    [{ only_here: 1 }, "1 row that the server lost is kept here"],
    [{ sound: false }, "Not everything could be compared"],
    [{ outcome: "cancelled", sound: false }, "The comparison was stopped"],
  ] as [Partial<VerifyReport>, string][])("says %o in words", async (more, words) => {
    show(() => [{ ...REPORT, ...more }]);
    verify();
    expect((await screen.findByTestId("verify-result")).textContent).toContain(words);
  });

  it("shows what went wrong beside what was done", async () => {
    const problem = { code: "server_lost_rows", message: "The server has lost 2 rows of its messages" };
    show(() => [{ ...REPORT, sound: false, outcome: "partial", errors: [problem] }]);
    verify();
    expect((await screen.findByTestId("verify-error")).dataset.code).toBe("server_lost_rows");
    expect(screen.getByTestId("verify-result").dataset.sound).toBe("false");
  });

  it("says what is going on, and stops when it is told to", async () => {
    let end: (reports: VerifyReport[]) => void = () => {};
    const asked = show(() => new Promise<VerifyReport[]>((resolve) => (end = resolve)));
    verify();
    expect((await screen.findByTestId("verify-progress")).textContent).toContain("Starting");
    fireEvent.click(screen.getByTestId("verify-cancel"));
    expect(screen.getByTestId("verify-cancel").textContent).toBe("Stopping…");
    await waitFor(() => expect(asked.some(([command]) => command === "sync_cancel")).toBe(true));
    end([{ ...REPORT, outcome: "cancelled", sound: false }]);
    expect((await screen.findByTestId("verify-result")).textContent).toContain("stopped");
    expect(screen.getByTestId("verify-start")).toBeDefined();
  });

  it("says why it could not even begin", async () => {
    show(() => {
      throw { code: "busy", message: "a sync is running already" };
    });
    verify();
    expect((await screen.findByTestId("verify-error")).dataset.code).toBe("busy");
  });
});

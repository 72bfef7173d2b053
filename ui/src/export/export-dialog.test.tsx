import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ExportPlan, ExportProgress, ExportQuery, ExportReport } from "../bindings";
import { ExportBar } from "./export-bar";
import { ExportDialog } from "./export-dialog";
import { askExport, forgetExport } from "./store";

type Answer = ExportReport | null;

const REPORT: ExportReport = { messages: 1_200, path: "/home/nadia/Ana.html", is_folder: false };
const ANA = { id: "7", name: "Ana <b>Souza</b>" };

let asked: [string, Record<string, unknown>][];
let plan: ExportPlan;
let tell: (progress: ExportProgress) => void;
let end: (answer: Answer) => void;
let fail: (fault: unknown) => void;

beforeEach(() => {
  asked = [];
  plan = { chats: 1, messages: 1_200, is_folder: false, name: "Ana.html" };
  mockIPC((command, payload) => {
    const given = payload as Record<string, unknown>;
    asked.push([command, given]);
    if (command === "export_plan") return plan;
    if (command !== "export_start") return null;
    const channel = given.onProgress as { onmessage: (progress: ExportProgress) => void };
    tell = (progress) => channel.onmessage(progress);
    return new Promise<Answer>((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  });
});

afterEach(() => {
  cleanup();
  clearMocks();
  forgetExport();
});

function show(chat: typeof ANA | null) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ExportBar />
      <ExportDialog />
    </QueryClientProvider>,
  );
  askExport(chat);
}

const commandsNamed = (name: string) => asked.filter(([command]) => command === name);
const lastQuery = () => commandsNamed("export_plan").at(-1)?.[1].query as ExportQuery;

/** Presses the button as soon as the plan is known. */
async function start() {
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("export-start").disabled).toBe(false));
  fireEvent.click(screen.getByTestId("export-start"));
  await waitFor(() => expect(commandsNamed("export_start")).toHaveLength(1));
}

describe("the export dialog", () => {
  it("asks for the chat it was opened from, as pages, of all the time", async () => {
    show(ANA);
    await screen.findByText("Ana <b>Souza</b>");
    await waitFor(() =>
      expect(screen.getByTestId("export-plan").textContent).toBe("1,200 messages, in one file"),
    );
    expect(lastQuery()).toEqual({
      chat_id: "7",
      since: null,
      until: null,
      format: "html",
      byte_order_mark: false,
      language: "en",
      files: true,
    });
  });

  it("plans what is chosen anew: all chats, a table, two days", async () => {
    show(ANA);
    fireEvent.click(await screen.findByTestId("choice-all"));
    fireEvent.click(screen.getByTestId("choice-csv"));
    fireEvent.click(screen.getByTestId("choice-days"));
    fireEvent.change(await screen.findByTestId("export-first-day"), { target: { value: "2024-01-01" } });
    fireEvent.change(screen.getByTestId("export-last-day"), { target: { value: "2024-12-31" } });
    await waitFor(() =>
      expect(lastQuery()).toEqual({
        chat_id: null,
        since: new Date(2024, 0, 1).getTime(),
        until: new Date(2025, 0, 1).getTime(),
        format: "csv",
        byte_order_mark: true,
        language: "en",
        files: false,
      }),
    );
  });

  it("begins nothing while a day is none, or where there is no message", async () => {
    plan = { ...plan, messages: 0, chats: 0 };
    show(null);
    await waitFor(() =>
      expect(screen.getByTestId("export-plan").textContent).toContain("no message of that time"),
    );
    expect(screen.getByTestId<HTMLButtonElement>("export-start").disabled).toBe(true);
    fireEvent.click(screen.getByTestId("choice-days"));
    fireEvent.change(await screen.findByTestId("export-last-day"), { target: { value: "1999-01-01" } });
    await waitFor(() => expect(screen.getByTestId("export-plan").textContent).toContain("before the first"));
    expect(screen.getByTestId<HTMLButtonElement>("export-start").disabled).toBe(true);
  });

  it("stays as it is when no place is chosen", async () => {
    show(ANA);
    fireEvent.click(await screen.findByTestId("choice-txt"));
    await start();
    expect(screen.getByTestId<HTMLButtonElement>("export-start").disabled).toBe(true);
    end(null);
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("export-start").disabled).toBe(false));
    expect(lastQuery().format).toBe("txt");
    expect(screen.queryByTestId("export-bar")).toBeNull();
  });
});

describe("the export bar", () => {
  it("counts, then says where it lies and leads there", async () => {
    show(ANA);
    await start();
    tell({ done: 0, total: 1_200 });
    await waitFor(() => expect(screen.queryByTestId("export-dialog")).toBeNull());
    tell({ done: 600, total: 1_200 });
    await waitFor(() =>
      expect(screen.getByTestId("export-progress").textContent).toBe("Exporting: 600 of 1,200 messages"),
    );
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("600");
    end(REPORT);
    expect((await screen.findByTestId("export-done")).textContent).toBe(
      "1,200 messages were exported/home/nadia/Ana.html",
    );
    fireEvent.click(screen.getByTestId("export-show"));
    fireEvent.click(screen.getByTestId("export-open"));
    await waitFor(() => expect(commandsNamed("export_open")).toHaveLength(1));
    expect(commandsNamed("export_show")).toEqual([["export_show", {}]]);
    fireEvent.click(screen.getByTestId("export-dismiss"));
    await waitFor(() => expect(screen.queryByTestId("export-bar")).toBeNull());
  });

  it("stops when it is told to, and says no more of it", async () => {
    show(ANA);
    await start();
    tell({ done: 1_000, total: 1_200 });
    fireEvent.click(await screen.findByTestId("export-cancel"));
    expect(screen.getByTestId("export-cancel").textContent).toBe("Stopping…");
    await waitFor(() => expect(commandsNamed("export_cancel")).toHaveLength(1));
    fail({ code: "export_cancelled", message: "the export was stopped; nothing was left behind" });
    await waitFor(() => expect(screen.queryByTestId("export-bar")).toBeNull());
  });

  it("says why it failed, and opens the dialog again for the same chat", async () => {
    show(ANA);
    await start();
    tell({ done: 1_000, total: 1_200 });
    await screen.findByTestId("export-progress");
    fail({ code: "export_failed", message: "cannot write /x: there is no room left on the disk" });
    const note = await screen.findByTestId("export-error");
    expect(note.textContent).toContain("no room left");
    fireEvent.click(screen.getByText("Try again"));
    await screen.findByTestId("export-dialog");
    await screen.findByText("Ana <b>Souza</b>");
  });
});

// What goes wrong is said in the language of the window, wherever a person sees it. The core's own sentence may stand
// behind it, marked as the English that it is, so that a screen reader reads it so.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../app/call";
import { Failure } from "../app/failure";
import type { Chat, History, ImportPreview, Run } from "../bindings";
import { SERVER } from "../dev/accounts";
import { makeArchive } from "../dev/archive";
import { FilesCard } from "../import/files-card";
import { Oddities } from "../import/oddities";
import { KeptNote } from "../keep/kept-note";
import { FileActions } from "../media/file-actions";
import { ErrorNote } from "../parts/error-note";
import { HistoryBar } from "../reader/history-bar";
import { RunsCard } from "../sync/runs-card";
import { ConnectForm } from "../welcome/connect-form";
import { chooseLanguage, LANGUAGES } from "./language";

/** As the core says it. */
const FAULT = { code: "unreachable", message: "the kettle at nas does not answer" };

/** One that this window has never heard of. */
const NEWER = { ...FAULT, code: "of_a_newer_core" };

const [CHAT] = makeArchive(false).chats as [Chat];

const HISTORY: History = {
  chat_id: "1",
  status: "failed",
  messages_synced: 0,
  max_messages: 10_000,
  progress_percent: 0,
  last_message_id: null,
  last_timestamp: null,
  error_message: FAULT.message,
  history_complete: false,
  gaps: [],
  since: null,
  can_ask: true,
  followed: true,
};

const RUN: Run = {
  id: "1",
  account_id: "1",
  mode: "manual",
  outcome: "partial",
  started_at: 0,
  duration_ms: 1,
  saved: 0,
  updated: 0,
  unchanged: 0,
  bytes: 0,
  errors: [NEWER, FAULT],
};

const files = (problem: typeof FAULT) =>
  ({
    files: [{ name: "a.txt", bytes: 1, formats: [], problem }],
    unknown: [],
    faults: [{ file: "a.txt", place: 7, reason: FAULT.message }],
    faults_total: 1,
    skipped: 0,
  }) as unknown as ImportPreview;

const control = (history: History | null, error: AppError | null) => ({
  history,
  error,
  load: () => {},
  cancel: () => {},
});

/** Each place, and what has to be clicked until it speaks. */
const PLACES: Record<string, { page: ReactNode; click?: string }> = {
  "the whole window": { page: <Failure fault={FAULT} /> },
  "a note": { page: <ErrorNote fault={NEWER} /> },
  "a file that is opened": { page: <FileActions id="1" canOpen />, click: "media-open" },
  "the files of an import": { page: <FilesCard preview={files(NEWER)} /> },
  "places of an import": { page: <Oddities preview={files(FAULT)} /> },
  "the form that connects": {
    page: <ConnectForm onConnected={() => {}} onCancel={() => {}} />,
    click: "connect-submit",
  },
  "the note on what is kept": {
    page: <KeptNote chat={CHAT} rule={{ included: false, since: null, media: false }} />,
    click: "keep-whole",
  },
  "the top of a chat": { page: <HistoryBar control={control(HISTORY, null)} oldest={null} /> },
  "the top of a chat whose server is away": {
    page: <HistoryBar control={control(null, new AppError(NEWER.code, NEWER.message))} oldest={null} />,
  },
};

beforeEach(() => {
  mockIPC((command) => {
    if (command === "selection_get") {
      return {
        account_id: SERVER.id,
        rule: { included: true, since: null, media: true },
        chats: [],
        pending: false,
      };
    }
    throw FAULT;
  });
});

afterEach(async () => {
  cleanup();
  clearMocks();
  await chooseLanguage("en");
});

function draw(page: ReactNode): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  render(
    <div data-testid="place">
      <QueryClientProvider client={client}>{page}</QueryClientProvider>
    </div>,
  );
}

/** The words that stand there in the language of the window. */
function spoken(): string {
  const place = screen.getByTestId("place").cloneNode(true) as HTMLElement;
  for (const english of place.querySelectorAll("[lang=en]")) english.remove();
  return place.textContent;
}

describe.each(LANGUAGES.filter(({ language }) => language !== "en"))("in $language", ({ language }) => {
  it.each(Object.keys(PLACES))("%s says nothing in the core's English alone", async (name) => {
    const { page, click } = PLACES[name] ?? {};
    draw(page);
    const before = spoken();
    cleanup();
    await chooseLanguage(language);
    draw(page);
    if (click !== undefined) {
      const quiet = spoken();
      const button = await screen.findByTestId<HTMLButtonElement>(click);
      await expect.poll(() => button.disabled, { timeout: 20_000 }).toBe(false);
      const form = button.closest("form");
      if (form === null) fireEvent.click(button);
      else fireEvent.submit(form);
      await expect.poll(spoken, { timeout: 20_000 }).not.toBe(quiet);
    }
    expect(spoken()).not.toBe(before);
    expect(spoken()).not.toContain("kettle");
    for (const words of ["Something went wrong", "cannot be reached"]) expect(spoken()).not.toContain(words);
  });

  it("the log of runs says why in that language, with the core's words behind", async () => {
    await chooseLanguage(language);
    draw(<RunsCard runs={[RUN]} nameOf={() => undefined} severalAccounts={false} />);
    const cell = within(screen.getByTestId("run-row")).getAllByRole("cell").at(-1);
    const [first, second, ...more] = (cell?.title ?? "").split("\n");
    expect(first).not.toContain("kettle");
    expect(second).toContain("kettle");
    expect(more).toHaveLength(2);
  });
});

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { formatMoment, formatRunTime } from "../app/format";
import type { Chat, MessageDetails as Details, Import, Message, MessageSource, Receipt } from "../bindings";
import { makeArchive } from "../dev/archive";
import { messageOf } from "../dev/message";
import { MessageDetails } from "./message-details";

afterEach(() => {
  cleanup();
  clearMocks();
});

const group = makeArchive(false).chats.find(({ kind }) => kind === "group") as Chat;

const shortly = (at: number) => formatRunTime(at, Date.now());

const receipt = (name: string, more: Partial<Receipt>): Receipt => ({
  jid: `${name}@s.whatsapp.net`,
  name,
  delivered_at: 60_000,
  read_at: null,
  played_at: null,
  ...more,
});

/** The details of a message, of which the core says this; or nothing, and fails. */
function show(
  message: Partial<Message>,
  details: Partial<Details> | null,
  sources: MessageSource[] | { code: string; message: string } = [],
) {
  mockIPC((command, given) => {
    expect(given).toEqual({ chatId: group.id, id: "1" });
    if (command === "message_sources") {
      if (!Array.isArray(sources)) throw sources;
      return sources;
    }
    expect(command).toBe("message_details");
    if (details === null) throw { code: "mirror", message: "the disk is gone" };
    return {
      server_id: "S1",
      source: "import",
      edited_at: null,
      deleted_at: null,
      receipts: [],
      raw: "",
      ...details,
    };
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <MessageDetails
        chat={{ ...group, participants: 6 }}
        message={messageOf("1", message)}
        open
        onClose={() => {}}
        finalFocus={() => true}
      />
    </QueryClientProvider>,
  );
  return waitFor(() => screen.getByTestId("message-details"));
}

describe("the details of a message", () => {
  it("say who read it and who only got it, each once and with when", async () => {
    await show(
      { from_me: true, sender: null, status: "read" },
      {
        receipts: [
          receipt("Ana", { read_at: 120_000 }),
          receipt("João", {}),
          receipt("Chloé", { read_at: 120_000, played_at: 180_000 }),
        ],
      },
    );
    const receipts = await screen.findByTestId("receipts");
    const sections = [...receipts.querySelectorAll("section")].map((section) => section.textContent);
    expect(sections).toEqual([
      `Played by (1)Chloé${shortly(180_000)}`,
      `Read by (1)Ana${shortly(120_000)}`,
      `Delivered to (1)João${shortly(60_000)}`,
    ]);
    expect(receipts.textContent, "six in the group, one of them oneself").toContain("Of 2 more people");
  });

  it("do not say that nobody read it where nobody knows", async () => {
    await show({ from_me: true, sender: null, status: "sent" }, {});
    expect((await screen.findByTestId("receipts")).textContent).toBe(
      "The platform has not said who got this.",
    );
  });

  it("have nothing of receipts for what others wrote", async () => {
    const dialog = await show({}, { edited_at: 300_000 });
    await waitFor(() => expect(dialog.textContent).toContain(formatMoment(300_000)));
    expect(screen.queryByTestId("receipts")).toBeNull();
    expect(dialog.textContent).toContain("ana@s.whatsapp.net");
    expect(dialog.textContent).toContain("A file that was imported");
  });

  it("show at once what came with a kind that nobody knows, and it can be copied", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await show({ kind: "unknown", text: "" }, { raw: '{"raw":{"riddleMessage":{"v":1}}}' });
    const raw = await screen.findByTestId<HTMLDetailsElement>("raw");
    expect(raw.open).toBe(true);
    expect(raw.textContent).toContain('"riddleMessage": {');
    fireEvent.click(screen.getByText("Copy"));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith(expect.stringContaining("riddleMessage")));
    vi.unstubAllGlobals();
  });

  it("say by whom it is known: the phone, and each import with its files", async () => {
    const brought = (formats: string[], files: string[]): Import => ({
      id: "1",
      account_id: "1",
      files,
      formats,
      begun_at: Date.UTC(2021, 4, 3, 12),
      state: "complete",
      saved: 1,
      changed: 0,
    });
    await show({}, { source: "history_sync" }, [
      { way: "realtime", import: null, is_loose: false },
      { way: null, import: brought(["whatsapp-android"], ["msgstore.db", "wa.db"]), is_loose: false },
      { way: null, import: brought(["whatsapp-export"], ["Chat with <b>Ana</b>.txt"]), is_loose: true },
    ]);
    await waitFor(() => expect(screen.getAllByTestId("known-source")).toHaveLength(3));
    const known = screen.getAllByTestId("known-source").map((each) => each.textContent);
    expect(known[0]).toBe("Live, as it was sent");
    expect(known[1]).toMatch(/^WhatsApp backup from Androidmsgstore\.db, wa\.db, imported on .*2021$/);
    expect(known[2]).toContain("Chat with <b>Ana</b>.txt");
    expect(known[2], "what has no id is told by its words").toContain("by its words and its minute");
  });

  it("say how it first came, and that the rest needs its server, where that cannot be reached", async () => {
    await show({}, { source: "backfill" }, { code: "unreachable", message: "no answer from nas" });
    expect((await screen.findByTestId("sources-unknown")).textContent).toContain("only its server can say");
    expect(screen.getByTestId("known-from").textContent).toContain("A request for older messages");
  });

  it("keep what is known when the rest cannot be read", async () => {
    const dialog = await show({ text: "hello" }, null);
    await waitFor(() => expect(dialog.textContent).toContain("The disk is gone"));
    expect(dialog.textContent).toContain("hello");
    expect(dialog.textContent).toContain("X1");
  });
});

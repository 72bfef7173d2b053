import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Chat, KeepRule, SelectionAsked, SelectionView } from "../bindings";
import { makeArchive } from "../dev/archive";
import { NOTHING } from "./draft";
import { KeptNote, useKeptPart, withWhole } from "./kept-note";

afterEach(() => {
  cleanup();
  clearMocks();
});

const ALL: KeepRule = { included: true, since: null, media: true };
const SINCE: KeepRule = { included: true, since: new Date(2021, 4, 3).getTime(), media: false };
const [CHAT] = makeArchive(false).chats as [Chat];

const viewOf = (rule: KeepRule, own?: KeepRule): SelectionView => ({
  account_id: "1",
  rule,
  chats: own === undefined ? [] : [{ chat_id: CHAT.id, title: CHAT.name, rule: own }],
  pending: false,
});

function Note() {
  const part = useKeptPart(CHAT);
  return part === null ? <p>all of it</p> : <KeptNote chat={CHAT} rule={part} />;
}

/** The note over a core that keeps this; says what the core was told to keep. */
function show(kept: SelectionView, refuse?: { code: string; message: string }) {
  const told: { asked: SelectionAsked; mayFree: boolean }[] = [];
  mockIPC((command, payload) => {
    if (command === "selection_get") return kept;
    const given = payload as { asked: SelectionAsked; mayFree: boolean };
    told.push(given);
    if (refuse !== undefined) throw refuse;
    const chats = given.asked.chats.map((each) => ({ ...each, title: "" }));
    return { ...kept, rule: given.asked.rule, chats };
  });
  const client = new QueryClient();
  render(
    <QueryClientProvider client={client}>
      <Note />
    </QueryClientProvider>,
  );
  return { told, client };
}

describe("a chat that is not kept whole", () => {
  it("says from when on it is kept, and is brought whole", async () => {
    const { told } = show(viewOf(SINCE));
    expect((await screen.findByTestId("kept-part")).textContent).toMatch(/^Kept here from .*2021 on\./);
    fireEvent.click(screen.getByTestId("keep-whole"));
    expect(await screen.findByText("all of it")).toBeDefined();
    expect(told.map((each) => each.mayFree)).toEqual([false]);
  });

  it("says that nothing of it is kept", async () => {
    show(viewOf(ALL, NOTHING));
    expect((await screen.findByTestId("kept-part")).textContent).toContain("not kept here");
    expect(screen.getByText("Keep it here")).toBeDefined();
  });

  it("says in words why it stays so", async () => {
    show(viewOf(SINCE), { code: "mirror_full", message: "the disk is full" });
    fireEvent.click(await screen.findByTestId("keep-whole"));
    await waitFor(() => expect(screen.getByTestId("kept-part").textContent).toContain("The disk is full"));
  });

  it.each([viewOf(ALL), viewOf(SINCE, { ...ALL, media: false })])(
    "is not one that has no beginning set",
    async (kept) => {
      const { client } = show(kept);
      await waitFor(() =>
        expect(client.getQueryState(["selection", CHAT.account_id])?.status).toBe("success"),
      );
      expect(screen.getByText("all of it")).toBeDefined();
      expect(screen.queryByTestId("kept-part")).toBeNull();
    },
  );
});

describe("keeping one chat whole", () => {
  const other = { chat_id: "77", title: "Bob", rule: NOTHING };

  it.each([
    ["goes on without media where it had none", viewOf(ALL, SINCE), false],
    ["has media where all have them", viewOf(ALL, NOTHING), true],
    ["has none where all have none", viewOf(SINCE, NOTHING), false],
    ["has media where nothing is said of them", viewOf(NOTHING), true],
  ] as const)("%s", (_, kept, media) => {
    const asked = withWhole({ ...kept, chats: [...kept.chats, other] }, CHAT.id);
    expect(asked).toEqual({
      rule: kept.rule,
      chats: [
        { chat_id: "77", rule: NOTHING },
        { chat_id: CHAT.id, rule: { included: true, since: null, media } },
      ],
    });
  });
});

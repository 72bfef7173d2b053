import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { KeepRule, SelectionAsked, SelectionPlan, SelectionView } from "../bindings";
import { ChatRuleRow } from "./chat-rule-row";
import { type Draft, NOTHING, toAsked, toDraft, withChat } from "./draft";
import { KeepForm } from "./keep-form";
import { sinceOf } from "./since";

afterEach(() => {
  cleanup();
  clearMocks();
});

const ALL: KeepRule = { included: true, since: null, media: true };
const KEPT: SelectionView = { account_id: "1", rule: ALL, chats: [], pending: false };
const FREES = { chats: 2, messages: 1_204, media: 0, bytes: 500_000 };
const PLAN: SelectionPlan = { frees: { chats: 0, messages: 0, media: 0, bytes: 0 }, fetches: false };

type Set = { accountId: string; asked: SelectionAsked; mayFree: boolean };

/** The form over a core that plans this and answers that; says what the core was told to keep. */
function show(
  plan: SelectionPlan,
  answer: (given: Set) => SelectionView = ({ asked }) => toView(asked),
  kept = KEPT,
) {
  const told: Set[] = [];
  mockIPC((command, payload) => {
    if (command === "selection_plan") return plan;
    if (command === "chat_list") return { chats: [], next: null };
    if (command !== "selection_set") return null;
    told.push(payload as Set);
    return answer(payload as Set);
  });
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false }, mutations: { retry: false } },
  });
  render(
    <QueryClientProvider client={client}>
      <KeepForm kept={kept} heading={null} following={false} inside={false} />
    </QueryClientProvider>,
  );
  return told;
}

const toView = (asked: SelectionAsked): SelectionView => ({ ...KEPT, rule: asked.rule });

const press = async (id: string) => {
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>(id).disabled).toBe(false));
  fireEvent.click(screen.getByTestId(id));
};

/** The input that stands behind the switch: here a label passes on the click of what it holds itself. */
const flipMedia = () =>
  fireEvent.click(screen.getByTestId("keep-media").parentElement?.querySelector("input") as Element);

describe("what is kept here", () => {
  it("offers nothing to apply until something was changed, and not when it was changed back", async () => {
    show(PLAN);
    expect(screen.queryByTestId("keep-bar")).toBeNull();
    flipMedia();
    expect(await screen.findByTestId("keep-bar")).toBeDefined();
    flipMedia();
    expect(screen.queryByTestId("keep-bar")).toBeNull();
  });

  it("brings what is missing without asking", async () => {
    const told = show({ ...PLAN, fetches: true }, undefined, { ...KEPT, rule: { ...ALL, media: false } });
    flipMedia();
    expect((await screen.findByText("Brings what is missing.")).dataset.testid).toBe("keep-plan");
    await press("keep-apply");
    await waitFor(() =>
      expect(told).toEqual([{ accountId: "1", asked: { rule: ALL, chats: [] }, mayFree: false }]),
    );
    await waitFor(() => expect(screen.queryByTestId("keep-bar")).toBeNull());
  });

  it("says what would go and asks before it goes", async () => {
    const told = show({ ...PLAN, frees: FREES });
    fireEvent.click(screen.getByTestId("choice-year"));
    expect(
      await screen.findByText(/^Removes 1,204 messages of 2 chats \(500 KB\) from this computer\.$/),
    ).toBeDefined();
    await press("keep-apply");
    expect((await screen.findByTestId("keep-confirm")).textContent).toContain("1,204 messages of 2 chats");
    expect(told).toEqual([]);
    fireEvent.click(screen.getByTestId("keep-confirm-remove"));
    await waitFor(() => expect(told.length).toBe(1));
    expect(told[0]?.mayFree).toBe(true);
    expect(told[0]?.asked.rule).toEqual({ ...ALL, since: sinceOf("year", Date.now()) });
  });

  it("removes nothing when it is told not to", async () => {
    const told = show({ ...PLAN, frees: FREES });
    fireEvent.click(screen.getByTestId("choice-months3"));
    await press("keep-apply");
    await screen.findByTestId("keep-confirm");
    fireEvent.click(screen.getByText("Keep them"));
    await waitFor(() => expect(screen.queryByTestId("keep-confirm")).toBeNull());
    expect(told).toEqual([]);
    expect(screen.getByTestId("keep-bar")).toBeDefined();
  });

  it("asks once more where more has come than was counted", async () => {
    let plan = PLAN;
    const told: Set[] = [];
    mockIPC((command, payload) => {
      if (command === "selection_plan") return plan;
      if (command === "chat_list") return { chats: [], next: null };
      const given = payload as Set;
      told.push(given);
      if (given.mayFree) return toView(given.asked);
      plan = { ...PLAN, frees: FREES };
      throw { code: "would_free", message: "this would free 1204 messages" };
    });
    render(
      <QueryClientProvider client={new QueryClient()}>
        <KeepForm kept={KEPT} heading={null} following={false} inside={false} />
      </QueryClientProvider>,
    );
    fireEvent.click(screen.getByTestId("choice-years5"));
    await press("keep-apply");
    expect((await screen.findByTestId("keep-confirm")).textContent).toContain("1,204 messages");
    fireEvent.click(screen.getByTestId("keep-confirm-remove"));
    await waitFor(() => expect(told.map((each) => each.mayFree)).toEqual([false, true]));
  });

  it("says why it could not be changed, and keeps the choice", async () => {
    show(PLAN, () => {
      throw { code: "mirror_full", message: "the disk is full" };
    });
    flipMedia();
    await press("keep-apply");
    expect((await screen.findByTestId("keep-error")).dataset.code).toBe("mirror_full");
    expect(screen.getByTestId("keep-bar")).toBeDefined();
  });

  it("leaves everything as it was", async () => {
    const told = show(PLAN);
    fireEvent.click(screen.getByTestId("choice-chosen"));
    await press("keep-discard");
    expect(screen.queryByTestId("keep-bar")).toBeNull();
    expect(told).toEqual([]);
  });

  it("takes a date over once it is one", async () => {
    const told = show(PLAN);
    fireEvent.click(screen.getByTestId("choice-date"));
    const field = await screen.findByTestId("keep-date");
    fireEvent.change(field, { target: { value: "2021-05-03" } });
    await press("keep-apply");
    await waitFor(() => expect(told[0]?.asked.rule.since).toBe(new Date(2021, 4, 3).getTime()));
  });

  it("says that what was chosen is not all here yet, and offers to bring it", () => {
    show(PLAN, undefined, { ...KEPT, pending: true });
    expect(screen.getByTestId("keep-pending").textContent).toContain("not all here yet");
    expect(screen.getByText("Sync now")).toBeDefined();
  });
});

function Row({ first, onChange }: { first: Draft; onChange: (draft: Draft) => void }) {
  const [draft, setDraft] = useState(first);
  return (
    <ChatRuleRow
      chat={{ id: "7", name: "Ana", jid: "ana", messages: 12 }}
      draft={draft}
      now={Date.now()}
      onChange={(id, title, rule) => {
        const next = withChat(draft, id, title, rule);
        setDraft(next);
        onChange(next);
      }}
    />
  );
}

describe("one chat of many", () => {
  const row = (view: SelectionView) => {
    const onChange = vi.fn<(draft: Draft) => void>();
    render(<Row first={toDraft(view)} onChange={onChange} />);
    return () => toAsked(onChange.mock.lastCall?.[0] ?? toDraft(view)).chats;
  };

  it("is left out and taken in again", () => {
    const asked = row(KEPT);
    fireEvent.click(screen.getByRole("checkbox"));
    expect(asked()).toEqual([{ chat_id: "7", rule: NOTHING }]);
    expect(screen.getByTestId("keep-chat").textContent).toContain("12 messages will go");
    expect(screen.queryByRole("combobox")).toBeNull();
    fireEvent.click(screen.getByRole("checkbox"));
    expect(asked()).toEqual([]);
  });

  it("goes its own way and along again", () => {
    const asked = row(KEPT);
    const far = screen.getByRole("combobox");
    fireEvent.change(far, { target: { value: "year" } });
    expect(asked()).toEqual([{ chat_id: "7", rule: { ...ALL, since: sinceOf("year", Date.now()) } }]);
    fireEvent.change(far, { target: { value: "along" } });
    expect(asked()).toEqual([]);
    fireEvent.click(screen.getByLabelText("Media: Ana"));
    expect(asked()).toEqual([{ chat_id: "7", rule: { ...ALL, media: false } }]);
  });

  it("is kept from a day on", () => {
    const asked = row(KEPT);
    fireEvent.change(screen.getByRole("combobox"), { target: { value: "date" } });
    fireEvent.change(screen.getByTestId("keep-date"), { target: { value: "2020-02-29" } });
    expect(asked()[0]?.rule.since).toBe(new Date(2020, 1, 29).getTime());
    expect(screen.getByTestId("keep-chat").textContent).toMatch(/From .*2020 on/);
  });

  it("is chosen where only some are", () => {
    const asked = row({ ...KEPT, rule: NOTHING });
    expect(screen.getByRole<HTMLInputElement>("checkbox").checked).toBe(false);
    fireEvent.click(screen.getByRole("checkbox"));
    expect(asked()).toEqual([{ chat_id: "7", rule: ALL }]);
  });
});

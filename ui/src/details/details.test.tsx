import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { clearMocks } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeRouter } from "../app/router";
import { installMock } from "../dev/mock";
import { Sizes } from "../dev/sizes";
import { setDetails } from "./open";

function show(path: string, query = "") {
  installMock(new URLSearchParams(query));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return router;
}

beforeEach(() => vi.stubGlobal("ResizeObserver", Sizes));
afterEach(() => {
  cleanup();
  clearMocks();
  vi.unstubAllGlobals();
  setDetails({ open: false, tab: "about" });
});

const openDetails = async () => {
  const button = await screen.findByTestId("details-open");
  button.focus();
  fireEvent.click(button);
  return screen.findByTestId("details");
};

describe("the details of a chat", () => {
  it("say who is in it, with what they may do, and who left", async () => {
    show("/chats/1");
    const panel = await openDetails();
    await within(panel).findByText("7 participants");
    const members = within(panel).getAllByTestId("member");
    expect(members[0]?.textContent).toContain("Owner");
    expect(members[1]?.textContent).toContain("Admin");
    expect(members[3]?.textContent).toContain("you");
    expect(within(panel).getByText("2 who left")).toBeTruthy();
    expect(members.at(-1)?.textContent).toContain("Left on");
    expect(members[1]?.getAttribute("href")).toContain("/contacts/");
    expect(within(panel).getByTestId("details-description").textContent).toContain("who waters the plants");
    expect(within(panel).getByTestId("details-keep").getAttribute("href")).toContain("/sync/keep/1");
  });

  it("of a chat with one person are that person's", async () => {
    show("/chats/2");
    const panel = await openDetails();
    await within(panel).findByText("ana ✨");
    expect(within(panel).getAllByTestId("shared-group")).toHaveLength(3);
    expect(within(panel).getByTestId("details-person").getAttribute("href")).toContain("/contacts/2");
  });

  it("show pictures by month, and one leads to its message", async () => {
    const router = show("/chats/1");
    const panel = await openDetails();
    fireEvent.click(within(panel).getByTestId("details-media"));
    const tiles = await within(panel).findAllByTestId("gallery-tile");
    expect(within(panel).getAllByRole("heading", { level: 3, hidden: true })[0]?.textContent).toMatch(
      /\d{4}/,
    );
    const id = tiles[1]?.dataset.messageId;
    if (tiles[1] !== undefined) fireEvent.click(tiles[1]);
    await waitFor(() => expect(router.state.location.state.jump?.id).toBe(id));
    expect(screen.getByTestId("details"), "it stays beside the chat").toBeTruthy();
  });

  it("show links that open, and files, with the way to their messages", async () => {
    const router = show("/chats/1");
    const panel = await openDetails();
    fireEvent.click(within(panel).getByTestId("details-links"));
    const [link] = await within(panel).findAllByTestId("gallery-link");
    expect(link?.querySelector("button")?.textContent).toBe(
      "https://example.org/wiki/Tram_(Lisbon)?line=28#history",
    );
    fireEvent.click(within(panel).getByTestId("details-documents"));
    const [file] = await within(panel).findAllByTestId("gallery-file");
    expect(file?.textContent).toContain("contrato_final_v3.pdf");
    const way = file?.querySelector<HTMLElement>("[data-testid=gallery-show]");
    if (way != null) fireEvent.click(way);
    await waitFor(() => expect(router.state.location.state.jump?.id).toBe(way?.dataset.messageId));
  });

  it("say so where there is nothing, and where the index has not seen everything", async () => {
    show("/chats/16");
    const panel = await openDetails();
    fireEvent.click(within(panel).getByTestId("details-audio"));
    const none = await within(panel).findByTestId("gallery-none");
    expect(none.textContent).toBe("No voice messages or recordings in this chat.");
    cleanup();
    show("/chats/1", "behind=500");
    fireEvent.click(within(await screen.findByTestId("details")).getByTestId("details-media"));
    expect((await screen.findByTestId("gallery-count")).textContent).toContain("still being indexed");
  });

  it("are closed by Esc, and the focus is where they were opened", async () => {
    show("/chats/1");
    const panel = await openDetails();
    await waitFor(() => expect(panel.contains(document.activeElement)).toBe(true));
    fireEvent.keyDown(document.activeElement ?? panel, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("details")).toBeNull());
    expect(document.activeElement).toBe(screen.getByTestId("details-open"));
  });

  it("take the focus of nobody who goes from chat to chat beside them", async () => {
    setDetails({ open: true });
    show("/chats/1");
    await screen.findAllByTestId("member");
    expect(screen.getByTestId("details").contains(document.activeElement)).toBe(false);
  });
});

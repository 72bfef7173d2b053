import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { clearMocks } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeRouter } from "../app/router";
import { installMock } from "../dev/mock";
import { Sizes } from "../dev/sizes";
import { everywhere } from "../search/finding";

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
  everywhere.setText("");
});

const rows = async () => (await screen.findAllByTestId("contact-row")).map((row) => row.textContent);
const list = () => screen.findByTestId("contact-list");

describe("the contacts", () => {
  it("stand under their letters, whatever the accents", async () => {
    show("/contacts");
    await waitFor(async () =>
      expect((await rows()).slice(0, 3).join()).toMatch(/Álvaro Siza.*Ana Souza.*Beatriz/),
    );
    const letters = screen.getAllByTestId("contact-letter").map((letter) => letter.textContent);
    expect(letters.slice(0, 2), "Á is an A").toEqual(["A", "B"]);
  });

  it("are walked through by the keys, and Enter opens one", async () => {
    const router = show("/contacts");
    await rows();
    const box = await list();
    const active = () => document.getElementById(box.getAttribute("aria-activedescendant") ?? "");
    fireEvent.keyDown(box, { key: "ArrowDown" });
    expect(active()?.textContent).toContain("Ana Souza");
    fireEvent.keyDown(box, { key: "ArrowUp" });
    fireEvent.keyDown(box, { key: "ArrowUp" });
    expect(active()?.textContent, "there is nobody above the first").toContain("Álvaro Siza");
    fireEvent.keyDown(box, { key: "ArrowDown" });
    fireEvent.keyDown(box, { key: "Enter" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/contacts/2"));
    expect((await screen.findByRole("heading", { level: 1, name: "Ana Souza" })).textContent).toBe(
      "Ana Souza",
    );
  });

  it("are found by a name or a number, and where nobody is, that is said", async () => {
    show("/contacts");
    const field = await screen.findByTestId("contact-filter");
    fireEvent.change(field, { target: { value: "souza" } });
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    fireEvent.change(field, { target: { value: "+4915200000027" } });
    await waitFor(async () => expect((await rows())[0]).toContain("Zoë"));
    fireEvent.change(field, { target: { value: "nobody at all" } });
    const none = await screen.findByTestId("contacts-none");
    expect(none.textContent).toContain("Nobody is called “nobody at all”");
    fireEvent.click(within(none).getByRole("button"));
    await waitFor(async () => expect((await rows()).length).toBeGreaterThan(1));
  });

  it("say where people come from while there are none", async () => {
    show("/contacts", "state=empty");
    expect((await screen.findByTestId("contacts-none")).textContent).toContain("No contacts yet");
  });
});

describe("a person", () => {
  it("is shown with every name, address and merge, and the groups shared", async () => {
    show("/contacts/2");
    const page = await screen.findByTestId("person");
    await within(page).findByText("ana ✨");
    expect(page.textContent).toContain("+49 151 100 000 02");
    expect(page.textContent).toContain("100000000000001@lid");
    expect(within(page).getByTestId("person-merged").textContent).toContain("Ana S. · 100000000000001@lid");
    const groups = within(page).getAllByTestId("shared-group");
    expect(groups.map((group) => group.textContent?.includes("They left it"))).toEqual([false, false, true]);
    await within(page).findByText("Last message from them");
  });

  it("leads to the chat, and to what they wrote by an address that is nobody else's", async () => {
    const router = show("/contacts/2");
    const chat = await screen.findByTestId("person-chat");
    expect(chat.getAttribute("href")).toContain("/chats/2");
    fireEvent.click(screen.getByTestId("person-messages"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/search"));
    expect(everywhere.read().text.trim()).toBe("from:+4915110000002");
  });

  it("who is no longer here is said to be so", async () => {
    show("/contacts/999");
    expect((await screen.findByRole("alert")).textContent).toContain("This person is no longer here");
  });
});

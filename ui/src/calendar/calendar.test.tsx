import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { formatFullDay, formatMonth } from "../app/format";
import { Calendar } from "./calendar";
import { startOf } from "./month";

afterEach(() => {
  cleanup();
  clearMocks();
});

const noon = (year: number, month: number, day: number) => startOf({ year, month, day }) + 43_200_000;

/** A chat in which something was said at these times, opened at the last of them. */
async function show(said: readonly number[]) {
  const asked: number[][] = [];
  mockIPC((command, given) => {
    expect(command).toBe("chat_activity");
    const { chatId, stretches } = given as { chatId: string; stretches: { bounds: number[] } };
    expect(chatId).toBe("7");
    const { bounds } = stretches;
    asked.push(bounds);
    return bounds.slice(1).map((end, index) => said.some((at) => at >= (bounds[index] ?? 0) && at < end));
  });
  const onPick = vi.fn();
  const [first = 0, last = 0] = [said[0], said.at(-1)];
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Calendar chatId="7" at={last} first={first} last={last} onPick={onPick} />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(screen.getByRole("grid").getAttribute("aria-busy")).toBe("false"));
  return { asked, onPick };
}

const title = () => screen.getByRole("grid").getAttribute("aria-label");
const press = (key: string, shiftKey = false) =>
  fireEvent.keyDown(document.activeElement as Element, { key, shiftKey });
const here = () => Number((document.activeElement as HTMLElement).dataset.day);

describe("the calendar of a chat", () => {
  const said = [noon(2024, 10, 2), noon(2024, 11, 30), noon(2025, 1, 3), noon(2025, 1, 9)];

  it("leads to days on which something was said, and to no others", async () => {
    const { asked, onPick } = await show(said);
    expect(title()).toBe(formatMonth(noon(2025, 1, 1)));
    expect(asked[0], "one question for the month").toHaveLength(29);
    fireEvent.click(screen.getByText("4"));
    expect(onPick, "nothing was said that day").not.toHaveBeenCalled();
    expect(screen.getByText("4").getAttribute("aria-label")).toContain("no messages");
    const third = screen.getByText("3");
    expect(third.getAttribute("aria-label")).toBe(formatFullDay(noon(2025, 1, 3)));
    fireEvent.click(third);
    expect(onPick).toHaveBeenCalledWith(startOf({ year: 2025, month: 1, day: 3 }));
  });

  it("is walked by keys, over the ends of months, and not beyond those of the chat", async () => {
    await show(said);
    expect(here(), "where one stands has the focus").toBe(9);
    press("ArrowLeft");
    expect(here()).toBe(8);
    press("ArrowUp");
    press("ArrowUp");
    expect([title(), here()]).toEqual([formatMonth(noon(2025, 0, 1)), 25]);
    press("PageUp");
    press("PageUp");
    expect([title(), here()]).toEqual([formatMonth(noon(2024, 10, 1)), 25]);
    press("PageUp", true);
    expect([title(), here()], "the chat begins on the second").toEqual([formatMonth(noon(2024, 10, 1)), 2]);
    press("PageDown", true);
    press("PageDown");
    expect([title(), here()]).toEqual([formatMonth(noon(2025, 1, 1)), 9]);
  });

  it("shows the months of a year with those in which something was said", async () => {
    const { onPick } = await show(said);
    fireEvent.click(screen.getByTitle("Months of the year"));
    const month = (number: number) =>
      screen.getByRole<HTMLButtonElement>("button", { name: formatMonth(noon(2025, number, 1)) });
    await waitFor(() => expect(month(1).disabled).toBe(false));
    expect(month(2).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Year after" }).disabled).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Year before" }));
    const november = await screen.findByRole<HTMLButtonElement>("button", {
      name: formatMonth(noon(2024, 10, 1)),
    });
    await waitFor(() => expect(november.disabled).toBe(false));
    fireEvent.click(november);
    await waitFor(() => expect(title()).toBe(formatMonth(noon(2024, 10, 1))));
    const second = await screen.findByRole("button", { name: formatFullDay(noon(2024, 10, 2)) });
    fireEvent.click(second);
    expect(onPick).toHaveBeenCalledWith(startOf({ year: 2024, month: 10, day: 2 }));
  });
});

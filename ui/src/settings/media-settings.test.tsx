import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { MediaSettings as Choice } from "../bindings";
import { MediaSettings } from "./media-settings";

afterEach(cleanup);

it("keeps which files come by themselves, and up to which size", async () => {
  let kept: Choice = { automatic: true, up_to_mb: 16 };
  mockIPC((command, given) => {
    if (command === "media_settings_write") kept = (given as { settings: Choice }).settings;
    return kept;
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MediaSettings />
    </QueryClientProvider>,
  );
  const size = await screen.findByLabelText("Megabytes");
  fireEvent.change(size, { target: { value: "40" } });
  fireEvent.blur(size);
  await screen.findByDisplayValue("40");
  expect(kept).toEqual({ automatic: true, up_to_mb: 40 });
  fireEvent.click(screen.getByRole("switch"));
  await expect.poll(() => kept.automatic).toBe(false);
});

import { mockIPC } from "@tauri-apps/api/mocks";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Media } from "../bindings";
import { Fetch } from "./fetch";

const PICTURE: Media = {
  id: "7",
  media_type: "image",
  mime_type: "image/png",
  file_name: "",
  bytes: 300_000,
  width: 640,
  height: 480,
  seconds: null,
  thumbnail: null,
  on_server: true,
  state: "on_server",
  error: null,
};

afterEach(cleanup);

/** The commands that were sent, each with the file that it was about. */
function heard(answer: () => unknown = () => null): [string, unknown][] {
  const asked: [string, unknown][] = [];
  mockIPC((command, given) => {
    asked.push([command, (given as { id?: string }).id]);
    return answer();
  });
  return asked;
}

describe("a file that is not here", () => {
  it("is asked for by its button, which says how large it is", () => {
    const asked = heard();
    render(<Fetch media={PICTURE} />);
    const button = screen.getByRole("button");
    expect(button.textContent).toContain("300 KB");
    fireEvent.click(button);
    expect(asked).toEqual([["media_want", "7"]]);
  });

  it("says why it did not come and can be asked for again", () => {
    const asked = heard();
    render(<Fetch media={{ ...PICTURE, state: "failed", error: "unreachable" }} />);
    expect(screen.getByTestId("media-failed").textContent).toContain("The server cannot be reached");
    fireEvent.click(screen.getByTestId("media-retry"));
    expect(asked).toEqual([["media_want", "7"]]);
  });

  it("can be called off while it waits", () => {
    const asked = heard();
    render(<Fetch media={{ ...PICTURE, state: "waiting" }} />);
    expect(screen.getByTestId("media-progress").textContent).toContain("Waiting");
    fireEvent.click(screen.getByRole("button", { name: "Cancel the download" }));
    expect(asked).toEqual([["media_leave", "7"]]);
  });

  it("says what went wrong with the asking itself", async () => {
    heard(() => {
      throw { code: "mirror_full", message: "the disk is full" };
    });
    render(<Fetch media={PICTURE} />);
    fireEvent.click(screen.getByRole("button"));
    expect((await screen.findByTestId("media-failed")).textContent).toContain("The disk is full");
  });

  it.each([
    ["gone", "media-gone"],
    ["not_on_server", "media-missing"],
  ] as const)("promises nothing where it is %s", (state, id) => {
    render(<Fetch media={{ ...PICTURE, state }} />);
    expect(screen.getByTestId(id)).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

it("says nothing of a file that is here", () => {
  const { container } = render(<Fetch media={{ ...PICTURE, state: "here" }} />);
  expect(container.textContent).toBe("");
});

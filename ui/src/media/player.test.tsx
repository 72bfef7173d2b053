import { clearMocks, mockConvertFileSrc, mockIPC } from "@tauri-apps/api/mocks";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Media } from "../bindings";
import { Player } from "./player";
import { PATIENCE } from "./stall";

const VOICE: Media = {
  id: "7",
  media_type: "voice",
  mime_type: "audio/ogg",
  file_name: "",
  bytes: 30_000,
  width: null,
  height: null,
  seconds: 4,
  thumbnail: null,
  on_server: true,
  state: "here",
  error: null,
};

const FILM: Media = { ...VOICE, media_type: "video", mime_type: "video/mp4" };

let asked: [string, unknown][];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  mockConvertFileSrc("linux");
  // On Linux a recording goes through memory.
  vi.stubGlobal("fetch", async () => new Response(new Blob(["…"])));
  mockIPC((command, given) => {
    asked.push([command, (given as { id?: string }).id]);
    return command === "media_save" ? "/home/noor/voice.ogg" : null;
  });
});

afterEach(() => {
  cleanup();
  clearMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The player as an engine would move it: asked to play, at so many seconds. */
function moved(at: number, isPaused = false): HTMLMediaElement {
  const player = screen.getByTestId<HTMLMediaElement>("player");
  Object.defineProperty(player, "currentTime", { value: at, configurable: true });
  Object.defineProperty(player, "paused", { value: isPaused, configurable: true });
  return player;
}

const wait = (millis: number) => act(() => vi.advanceTimersByTime(millis));

describe("a recording that does not play", () => {
  it("says so in words and is opened by another program or saved", async () => {
    render(<Player media={VOICE} />);
    fireEvent.error(screen.getByTestId("player"));
    expect(screen.getByTestId("unplayed").textContent).toContain("This recording cannot be played here");
    expect(screen.queryByTestId("player"), "a dead player only misleads").toBeNull();
    fireEvent.click(screen.getByTestId("media-open"));
    fireEvent.click(screen.getByTestId("media-save"));
    expect(asked).toEqual([
      ["media_open", "7"],
      ["media_save", "7"],
    ]);
    vi.useRealTimers();
    await waitFor(() => expect(screen.getByTestId("media-reveal").title).toBe("/home/noor/voice.ogg"));
  });

  it("says so too when it was asked to play and its clock never moves", () => {
    render(<Player media={VOICE} />);
    wait(10 * PATIENCE);
    expect(screen.queryByTestId("unplayed"), "nobody has asked it to play").toBeNull();
    fireEvent.play(moved(0));
    wait(PATIENCE);
    expect(screen.getByTestId("unplayed").textContent).toContain("The recording stands still");
    expect(screen.getByTestId("player"), "it may still come to itself").toBeTruthy();
  });

  it("says so when it stops on its way, and takes it back when it goes on", () => {
    render(<Player media={FILM} />);
    fireEvent.play(moved(0));
    fireEvent.timeUpdate(moved(3));
    fireEvent.waiting(moved(3));
    wait(PATIENCE);
    expect(screen.getByTestId("unplayed").textContent).toContain("The film stands still");
    fireEvent.timeUpdate(moved(4));
    expect(screen.queryByTestId("unplayed")).toBeNull();
  });

  it("is not accused of standing still by a person who stopped it", () => {
    render(<Player media={FILM} />);
    fireEvent.play(moved(0));
    fireEvent.timeUpdate(moved(3));
    fireEvent.pause(moved(3, true));
    fireEvent.stalled(moved(3, true));
    wait(10 * PATIENCE);
    expect(screen.queryByTestId("unplayed")).toBeNull();
  });

  it("is waited for where it begins by itself", async () => {
    render(<Player media={FILM} autoPlay />);
    await vi.waitUntil(() => screen.getByTestId("player").hasAttribute("src"));
    wait(PATIENCE);
    expect(screen.getByTestId("unplayed")).toBeTruthy();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Change, gather } from "./changes";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("changes of the mirror", () => {
  it("are gathered into one word", async () => {
    const heard: Change[] = [];
    const gathered = gather(async (change) => void heard.push(change), 250);
    gathered.add({ chats: ["1"], all: false });
    gathered.add({ chats: ["2", "1"], all: false });
    await vi.advanceTimersByTimeAsync(249);
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([{ chats: new Set(["1", "2"]), all: false }]);
  });

  it("that come while a refresh runs are refreshed after it, none is lost", async () => {
    const heard: Change[] = [];
    let finish = () => {};
    const gathered = gather((change) => {
      heard.push(change);
      return new Promise((resolve) => {
        finish = () => resolve(undefined);
      });
    }, 250);
    gathered.add({ chats: ["1"], all: false });
    await vi.advanceTimersByTimeAsync(250);
    gathered.add({ chats: ["2"], all: true });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(heard).toHaveLength(1);
    finish();
    await vi.advanceTimersByTimeAsync(250);
    expect(heard[1]).toEqual({ chats: new Set(["2"]), all: true });
  });

  it("go on being heard after a refresh that failed", async () => {
    let calls = 0;
    const gathered = gather(async () => {
      calls += 1;
      throw new Error("no");
    }, 250);
    gathered.add({ chats: [], all: true });
    await vi.advanceTimersByTimeAsync(300);
    gathered.add({ chats: [], all: true });
    await vi.advanceTimersByTimeAsync(300);
    expect(calls).toBe(2);
  });
});

import { describe, expect, it } from "vitest";
import type { SyncProgress } from "../bindings";
import {
  advance,
  barState,
  fraction,
  NOTHING,
  overallRate,
  type Progress,
  percent,
  timeLeft,
} from "./progress";

const word = (more: Partial<SyncProgress>): SyncProgress => ({
  account_id: "1",
  stage: "messages",
  done: 0,
  total: null,
  rows_per_second: 0,
  overall_done: 0,
  overall_total: null,
  retry_in: null,
  ...more,
});

const told = (...words: [number, Partial<SyncProgress>][]): Progress =>
  words.reduce((sum, [at, more]) => advance(sum, word(more), at), NOTHING);

const account = (progress: Progress) => {
  const own = progress.accounts.get("1");
  if (own === undefined) throw new Error("the account has no progress");
  return own;
};

describe("a snapshot", () => {
  it("is counted in bytes while nothing is here, and the stages wait", () => {
    const progress = told(
      [0, { stage: "snapshot", done: 0, total: 900, overall_total: 50 }],
      [1, { stage: "snapshot", done: 400, total: 900, overall_total: 50 }],
    );
    expect(account(progress).snapshot).toEqual({ done: 400, total: 900 });
    expect(account(progress).finished).toBe(false);
    expect(barState(account(progress), "messages")).toBe("waiting");
    expect(progress.overallDone).toBe(0);
  });

  it("brings its rows at one go, which is no speed of what follows", () => {
    const progress = told(
      [0, { stage: "snapshot", done: 900, total: 900, overall_total: 50 }],
      [4_000, { stage: "messages", done: 50, total: 52, overall_done: 50, overall_total: 52 }],
      [5_000, { stage: "messages", done: 52, total: 52, overall_done: 52, overall_total: 52 }],
    );
    expect(account(progress).snapshot).toEqual({ done: 900, total: 900 });
    expect(overallRate(progress)).toBe(2);
    expect(barState(account(progress), "messages")).toBe("done");
  });
});

describe("a bar", () => {
  it("waits until its stage begins, moves, and is done when the next begins", () => {
    const first = account(told([0, { stage: "conversations", done: 3, total: 10 }]));
    expect(barState(first, "conversations")).toBe("active");
    expect(barState(first, "messages")).toBe("waiting");
    const second = account(
      told(
        [0, { stage: "conversations", done: 3, total: 10 }],
        [1, { stage: "messages", done: 1, total: 5 }],
      ),
    );
    expect(barState(second, "conversations")).toBe("done");
    expect(barState(second, "messages")).toBe("active");
  });

  it("is done as soon as its count is full, and all are when the run is over", () => {
    expect(barState(account(told([0, { done: 5, total: 5 }])), "messages")).toBe("done");
    const over = account(told([0, { done: 1, total: 5 }], [1, { stage: "done" }]));
    expect(barState(over, "receipts")).toBe("done");
  });

  it("is full for a stage that brings nothing and unknown without a total", () => {
    expect(fraction(0, 0)).toBe(1);
    expect(fraction(12, null)).toBeNull();
    expect(fraction(12, 10)).toBe(1);
  });

  it("never says 100 percent before the last row", () => {
    expect(percent(248_912, 248_913)).toBe(99);
    expect(percent(248_913, 248_913)).toBe(100);
    expect(percent(5, null)).toBeNull();
  });
});

describe("a silent server", () => {
  it("is asked again at a moment that is forgotten once it speaks", () => {
    const silent = account(told([1_000, { retry_in: 12 }]));
    expect(silent.retryAt).toBe(13_000);
    expect(account(told([1_000, { retry_in: 12 }], [2_000, { done: 1 }])).retryAt).toBeNull();
  });
});

describe("several accounts", () => {
  it("keep their stages apart and share one sum", () => {
    const progress = told(
      [0, { account_id: "1", done: 5, total: 5, overall_done: 5, overall_total: 9 }],
      [1, { account_id: "2", done: 1, total: 4, overall_done: 6, overall_total: 9 }],
    );
    expect(progress.accounts.get("1")?.stages.get("messages")?.done).toBe(5);
    expect(progress.accounts.get("2")?.stages.get("messages")?.done).toBe(1);
    expect(progress.overallDone).toBe(6);
  });
});

describe("the rate", () => {
  it("needs some time before it is told", () => {
    expect(overallRate(told([0, { overall_done: 0 }], [100, { overall_done: 900 }]))).toBeNull();
  });

  it("looks at the last seconds, so that it follows a change of pace", () => {
    const progress = told(
      [0, { overall_done: 0 }],
      [1_000, { overall_done: 100_000 }],
      [20_000, { overall_done: 100_100 }],
      [21_000, { overall_done: 100_200 }],
    );
    expect(overallRate(progress)).toBe(100);
  });
});

describe("the time that is left", () => {
  const progress = told(
    [0, { overall_done: 0, overall_total: 1_000 }],
    [4_000, { overall_done: 400, overall_total: 1_000 }],
  );

  it("comes from what is missing and the rate", () => {
    expect(timeLeft(progress, 0, 4_000)).toBe(6_000);
  });

  it("is not told in the first seconds, without a total, or when all is here", () => {
    expect(timeLeft(progress, 2_000, 4_000)).toBeNull();
    const untold = told([0, { overall_done: 0 }], [4_000, { overall_done: 400 }]);
    expect(timeLeft(untold, 0, 4_000)).toBeNull();
    const whole = told(
      [0, { overall_done: 1, overall_total: 400 }],
      [4_000, { overall_done: 400, overall_total: 400 }],
    );
    expect(timeLeft(whole, 0, 4_000)).toBeNull();
  });
});

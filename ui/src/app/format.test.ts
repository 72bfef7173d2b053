import { describe, expect, it } from "vitest";
import {
  dayKey,
  daysBetween,
  formatBytes,
  formatClock,
  formatDay,
  formatDuration,
  formatLength,
  formatRowTime,
} from "./format";

const at = (year: number, month: number, day: number, hour = 12, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime();

describe("a chat row's time", () => {
  const now = at(2026, 11, 20, 15);

  it("is the hour today, even a minute after midnight", () => {
    const early = at(2026, 11, 20, 0, 1);
    expect(formatRowTime(early, now)).toBe(formatClock(early));
  });

  it("is yesterday by the calendar, not by 24 hours", () => {
    expect(formatRowTime(at(2026, 11, 19, 23, 59), at(2026, 11, 20, 0, 1))).toBe("Yesterday");
    expect(formatRowTime(at(2026, 11, 19, 0, 0), at(2026, 11, 20, 23, 59))).toBe("Yesterday");
  });

  it("is the weekday within a week and the date from the seventh day on", () => {
    expect(formatRowTime(at(2026, 11, 14), now)).toMatch(/^\p{L}+$/u);
    expect(formatRowTime(at(2026, 11, 13), now)).toMatch(/13/);
  });

  it("tells the year once it is another one", () => {
    expect(formatRowTime(at(2026, 1, 2), now)).not.toMatch(/2026/);
    expect(formatRowTime(at(2025, 12, 31), now)).toMatch(/2025/);
  });

  it("does not call a message from a clock that runs ahead a weekday", () => {
    expect(formatRowTime(at(2026, 11, 22), now)).toMatch(/22/);
  });
});

describe("days", () => {
  it("are counted over a change of summer time", () => {
    expect(daysBetween(at(2026, 3, 28, 23), at(2026, 3, 30, 1))).toBe(2);
    expect(daysBetween(at(2026, 10, 24, 1), at(2026, 10, 25, 23))).toBe(1);
  });

  it("have one key from midnight to midnight", () => {
    expect(dayKey(at(2026, 5, 3, 0, 0))).toBe(dayKey(at(2026, 5, 3, 23, 59)));
    expect(dayKey(at(2026, 5, 3, 23, 59))).not.toBe(dayKey(at(2026, 5, 4, 0, 0)));
  });

  it("are named in full above messages", () => {
    const now = at(2026, 11, 20);
    expect(formatDay(at(2026, 11, 20, 1), now)).toBe("Today");
    expect(formatDay(at(2026, 11, 19, 1), now)).toBe("Yesterday");
    expect(formatDay(at(2021, 5, 3), now)).toMatch(/2021/);
  });
});

describe("figures", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 KB"],
    [482_113, "482 KB"],
    [999_999, "1 MB"],
    [96_400_000, "96 MB"],
    [2_400_000_000, `${(2.4).toLocaleString()} GB`],
  ])("writes %d bytes as %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it.each([
    [5, "0:05"],
    [84, "1:24"],
    [3_723, "1:02:03"],
    [-1, "0:00"],
  ])("writes a recording of %d seconds as %s", (seconds, words) => {
    expect(formatLength(seconds)).toBe(words);
  });

  it.each([
    [120, `${(0.1).toLocaleString()} s`],
    [14_200, "14 s"],
    [59_700, "1 min 0 s"],
    [185_000, "3 min 5 s"],
    [4_320_000, "1 h 12 min"],
  ])("writes %d ms as %s", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

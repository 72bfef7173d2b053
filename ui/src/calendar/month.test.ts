import { describe, expect, it } from "vitest";
import {
  boundsOfDays,
  boundsOfMonths,
  dayOf,
  lengthOf,
  moved,
  movedMonths,
  startOf,
  weekBegin,
  weeksOf,
} from "./month";

describe("a month", () => {
  it("has the days that it has", () => {
    expect([1, 3, 11].map((month) => lengthOf({ year: 2024, month }))).toEqual([29, 30, 31]);
    expect(lengthOf({ year: 2100, month: 1 }), "no leap year in a full century").toBe(28);
  });

  it("begins each day at midnight and ends the last, in every month of a year with summer time", () => {
    for (let month = 0; month < 12; month++) {
      const bounds = boundsOfDays({ year: 2025, month });
      expect(bounds).toHaveLength(lengthOf({ year: 2025, month }) + 1);
      for (const [index, at] of bounds.entries()) {
        const date = new Date(at);
        expect(date.getHours() + date.getMinutes(), date.toString()).toBe(0);
        if (index > 0) expect(at, "and rises").toBeGreaterThan(bounds[index - 1] ?? 0);
      }
    }
    const months = boundsOfMonths(2025);
    expect(months.map((at) => dayOf(at).month)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0]);
  });

  it("leads to others by days and by months", () => {
    expect(moved({ year: 2024, month: 11, day: 31 }, 1)).toEqual({ year: 2025, month: 0, day: 1 });
    expect(moved({ year: 2024, month: 2, day: 1 }, -1)).toEqual({ year: 2024, month: 1, day: 29 });
    expect(movedMonths({ year: 2024, month: 0, day: 31 }, 1)).toEqual({ year: 2024, month: 1, day: 29 });
    expect(movedMonths({ year: 2024, month: 0, day: 31 }, -2)).toEqual({ year: 2023, month: 10, day: 30 });
    expect(dayOf(startOf({ year: 1970, month: 0, day: 1 }))).toEqual({ year: 1970, month: 0, day: 1 });
  });

  it("stands in weeks that begin as the language has it", () => {
    // 1 February 2026 was a Sunday.
    const february = { year: 2026, month: 1 };
    expect(weeksOf(february, 0)[0]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(weeksOf(february, 1)[0]).toEqual([null, null, null, null, null, null, 1]);
    expect(weeksOf(february, 1).at(-1)).toEqual([23, 24, 25, 26, 27, 28, null]);
    expect([weekBegin("en-US"), weekBegin("de"), weekBegin("ar-EG")]).toEqual([0, 1, 6]);
  });
});

import { describe, expect, it } from "vitest";
import { fromField, sinceOf, stepOf, toField } from "./since";

const NOW = new Date(2026, 10, 21, 14, 30).getTime();
const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime();

describe("how far back", () => {
  it.each([
    ["everything", null],
    ["years5", day(2021, 11, 21)],
    ["year", day(2025, 11, 21)],
    ["months3", day(2026, 8, 21)],
  ] as const)("%s begins with a day", (step, since) => {
    expect(sinceOf(step, NOW)).toBe(since);
    expect(stepOf(since, NOW)).toBe(step);
  });

  it("ends with the month where it has no such day", () => {
    expect(sinceOf("months3", day(2026, 5, 31))).toBe(day(2026, 2, 28));
    expect(sinceOf("year", day(2024, 2, 29))).toBe(day(2023, 2, 28));
  });

  it("is a date where no step says it", () => {
    expect(stepOf(day(2020, 1, 1), NOW)).toBe("date");
    expect(stepOf(sinceOf("year", NOW), NOW + 86_400_000)).toBe("date");
  });

  it("is written into a date field and read back", () => {
    for (const since of [day(2020, 1, 9), day(1999, 12, 31)]) expect(fromField(toField(since))).toBe(since);
    expect(toField(day(2020, 1, 9))).toBe("2020-01-09");
  });

  it.each(["", "2020-02-31", "2020", "0002-01-01", "02/03/2020"])("%j is no day", (value) => {
    expect(fromField(value)).toBeNull();
  });
});

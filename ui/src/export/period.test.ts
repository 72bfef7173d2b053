import { describe, expect, it } from "vitest";
import { timesOf } from "./period";

const now = new Date(2026, 10, 21, 17).getTime();
const midnight = (year: number, month: number, day: number) => new Date(year, month - 1, day).getTime();
const days = (first: string, last: string) => timesOf({ step: "days", first, last }, now);

describe("a period", () => {
  it("is everything, or goes back from today", () => {
    expect(timesOf({ step: "everything" }, now)).toEqual({ since: null, until: null });
    expect(timesOf({ step: "year" }, now)).toEqual({ since: midnight(2025, 11, 21), until: null });
  });

  it("holds its last day whole", () => {
    expect(days("2024-02-28", "2024-02-29")).toEqual({
      since: midnight(2024, 2, 28),
      until: midnight(2024, 3, 1),
    });
    expect(days("2024-02-29", "2024-02-29")).not.toBeNull();
  });

  it("may be open at an end", () => {
    expect(days("", "2023-12-31")).toEqual({ since: null, until: midnight(2024, 1, 1) });
    expect(days("2023-12-31", "")).toEqual({ since: midnight(2023, 12, 31), until: null });
  });

  it("is none where a field says no day, or the days are the wrong way round", () => {
    expect(days("2023-02-30", "")).toBeNull();
    expect(days("", "soon")).toBeNull();
    expect(days("2024-01-02", "2024-01-01")).toBeNull();
  });
});

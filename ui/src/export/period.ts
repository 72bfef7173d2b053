// Of which time, in the steps that are offered. Days begin at midnight where the person is.
import { fromField, sinceOf } from "../keep/since";

export type Period =
  | { step: "everything" | "year" | "months3" }
  /** Two fields of a day each, the last one with it; an empty one is no limit. */
  | { step: "days"; first: string; last: string };

export type Times = { since: number | null; until: number | null };

/** The times of a period; nothing while a field says no day, or the days are the wrong way round. */
export function timesOf(period: Period, now: number): Times | null {
  if (period.step !== "days") return { since: sinceOf(period.step, now), until: null };
  const since = period.first === "" ? null : fromField(period.first);
  const last = period.last === "" ? null : fromField(period.last);
  if ((since === null && period.first !== "") || (last === null && period.last !== "")) return null;
  const until = last === null ? null : nextDay(last);
  if (since !== null && until !== null && since >= until) return null;
  return { since, until };
}

/** Midnight after a day, also where the clock is put back on it. */
function nextDay(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

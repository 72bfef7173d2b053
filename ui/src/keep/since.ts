// How far back, in the steps that are offered. Days begin at midnight where the person is.

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export type Step = "everything" | "years5" | "year" | "months3" | "date";

/** `short` is for one chat of many. */
export const STEPS: readonly {
  step: Exclude<Step, "date">;
  name: MessageDescriptor;
  short: MessageDescriptor;
}[] = [
  { step: "everything", name: msg`Everything`, short: msg`Everything` },
  { step: "years5", name: msg`The last 5 years`, short: msg`5 years` },
  { step: "year", name: msg`The last year`, short: msg`1 year` },
  { step: "months3", name: msg`The last 3 months`, short: msg`3 months` },
];

/** The first moment that a step keeps; nothing where it keeps everything. */
export function sinceOf(step: Exclude<Step, "date">, now: number): number | null {
  const today = new Date(now);
  const at = (years: number, months: number) => {
    const [year, month] = [today.getFullYear() - years, today.getMonth() - months];
    // The 31st of a month that has no such day is its last day.
    const last = new Date(year, month + 1, 0).getDate();
    return new Date(year, month, Math.min(today.getDate(), last)).getTime();
  };
  if (step === "everything") return null;
  return step === "years5" ? at(5, 0) : step === "year" ? at(1, 0) : at(0, 3);
}

/** The step that keeps just this; a date where none of them does. */
export function stepOf(since: number | null, now: number): Step {
  return STEPS.find(({ step }) => sinceOf(step, now) === since)?.step ?? "date";
}

/** The value of a date field. */
export function toField(since: number): string {
  const date = new Date(since);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${String(date.getFullYear()).padStart(4, "0")}-${month}-${day}`;
}

/** The beginning of the day that a date field says; nothing where it says none. */
export function fromField(value: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year < 1970) return null;
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 ? date.getTime() : null;
}

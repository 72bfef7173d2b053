// Numbers, sizes, times and lengths in the reader's own locale and time zone.
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { regional } from "../i18n/language";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const forms = {
  number: {},
  oneDecimal: { maximumFractionDigits: 1 },
} as const satisfies Record<string, Intl.NumberFormatOptions>;

const times = {
  clock: { hour: "2-digit", minute: "2-digit" },
  weekday: { weekday: "long" },
  weekdayShort: { weekday: "short" },
  monthShort: { month: "short" },
  shortDay: { day: "numeric", month: "short" },
  shortDayYear: { day: "numeric", month: "short", year: "numeric" },
  longDay: { weekday: "long", day: "numeric", month: "long" },
  longDayYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  longDate: { day: "numeric", month: "long", year: "numeric" },
  longMonth: { month: "long", year: "numeric" },
  complete: { dateStyle: "full", timeStyle: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Making a form takes a hundred times as long as using it: each is made once in a language. */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function written(value: number, form: keyof typeof forms): string {
  return once(form, (locale) => new Intl.NumberFormat(locale, forms[form])).format(value);
}

function when(at: number, form: keyof typeof times): string {
  return once(form, (locale) => new Intl.DateTimeFormat(locale, times[form])).format(at);
}

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat>(
  form: string,
  make: (locale: string) => T,
): T {
  const key = `${i18n.locale} ${form}`;
  const kept = made.get(key) as T | undefined;
  if (kept !== undefined) return kept;
  const fresh = make(regional(i18n.locale));
  made.set(key, fresh);
  return fresh;
}

export function formatCount(value: number): string {
  return written(value, "number");
}

/** Several things in a row, as the language puts them: `Ana, Ben and Cem`, or without an `and`. */
export function formatList(parts: readonly string[], type: "conjunction" | "unit" = "conjunction"): string {
  const style = type === "unit" ? "short" : "long";
  return new Intl.ListFormat(regional(i18n.locale), { style, type }).format(parts);
}

/** Sizes as people see them on disks: powers of 1,000. */
export function formatBytes(bytes: number): string {
  const units = ["KB", "MB", "GB", "TB"] as const;
  let value = bytes;
  let unit: (typeof units)[number] | "B" = "B";
  for (const next of units) {
    // The rounded figure decides, so that 999,999 bytes are 1 MB and not 1,000 KB.
    if (Math.round(value) < 1_000) break;
    value /= 1_000;
    unit = next;
  }
  const isSmall = value < 10 && unit !== "B" && unit !== "KB";
  const size = isSmall ? written(value, "oneDecimal") : formatCount(Math.round(value));
  switch (unit) {
    case "KB":
      return t`${size} KB`;
    case "MB":
      return t`${size} MB`;
    case "GB":
      return t`${size} GB`;
    case "TB":
      return t`${size} TB`;
    default:
      return t`${size} B`;
  }
}

/** The length of a recording: `1:24`, `1:02:03`. */
export function formatLength(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** How long a run took: `0.1 s`, `14 s`, `3 min 5 s`, `1 h 12 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  const few = seconds < 9.95 ? written(seconds, "oneDecimal") : formatCount(Math.round(seconds));
  if (Math.round(seconds) < 60) return t`${few} s`;
  const whole = Math.round(seconds);
  const rest = formatCount(whole % 60);
  const minutes = formatCount(Math.floor(whole / 60) % 60);
  const hours = Math.floor(whole / 3_600);
  if (hours === 0) return t`${minutes} min ${rest} s`;
  return t`${formatCount(hours)} h ${minutes} min`;
}

/** The calendar day in local time, as a key that two moments share. */
export function dayKey(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** How many calendar days lie between two moments, whatever their hours and the summer time. */
export function daysBetween(earlier: number, later: number): number {
  const midnight = (at: number) => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

export function formatClock(at: number): string {
  return when(at, "clock");
}

/** A date in full, such as `3 May 2021`. */
export function formatDate(at: number): string {
  return when(at, "longDate");
}

/** A month in full, such as `May 2021`. */
export function formatMonth(at: number): string {
  return when(at, "longMonth");
}

/** A day with its weekday and year, such as `Monday, 3 May 2021`. */
export function formatFullDay(at: number): string {
  return when(at, "longDayYear");
}

/** A weekday over a calendar's column, such as `Mon`. */
export function formatWeekday(at: number): string {
  return when(at, "weekdayShort");
}

/** A month among others of its year, such as `May`. */
export function formatMonthName(at: number): string {
  return when(at, "monthShort");
}

/** Everything about a moment, for titles. */
export function formatMoment(at: number): string {
  return when(at, "complete");
}

/** A chat row's time: today the hour, this week the weekday, else the date. */
export function formatRowTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return formatClock(at);
  if (days === 1) return t`Yesterday`;
  if (days > 1 && days < 7) return when(at, "weekday");
  return sameYear(at, now) ? when(at, "shortDay") : when(at, "shortDayYear");
}

/** A day separator's words. */
export function formatDay(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return t`Today`;
  if (days === 1) return t`Yesterday`;
  return sameYear(at, now) ? when(at, "longDay") : when(at, "longDayYear");
}

/** A run's time: `Today 10:42`, `Yesterday 08:00`, `18 Nov 08:00`. */
export function formatRunTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  const clock = formatClock(at);
  if (days === 0) return t`Today ${clock}`;
  if (days === 1) return t`Yesterday ${clock}`;
  const day = when(at, sameYear(at, now) ? "shortDay" : "shortDayYear");
  return t`${day} ${clock}`;
}

/** When something was last brought up to date: the hour today, else the day too. */
export function formatSince(at: number, now: number): string {
  return daysBetween(at, now) === 0 ? formatClock(at) : formatRunTime(at, now);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

// Numbers, sizes, times and lengths in the reader's own locale and time zone.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The reader's locale. A system without one calls itself POSIX and would write 20392 for 20,392. */
const locale = new Intl.NumberFormat().resolvedOptions().locale.replace(/-u-va-posix$/i, "");

const number = new Intl.NumberFormat(locale);
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

export function formatCount(value: number): string {
  return number.format(value);
}

/** `one` or `many` with the number in front. */
export function plural(value: number, one: string, many: string): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Sizes as people see them on disks: powers of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${formatCount(bytes)} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    // The rounded figure decides, so that 999,999 bytes are 1 MB and not 1,000 KB.
    if (Math.round(value) < 1_000) break;
    value /= 1_000;
    unit = next;
  }
  return `${value < 10 && unit !== "KB" ? oneDecimal.format(value) : number.format(Math.round(value))} ${unit}`;
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
  if (seconds < 9.95) return `${oneDecimal.format(seconds)} s`;
  if (Math.round(seconds) < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
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

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "long" });
const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const shortDayYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const longDate = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const longMonth = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });
const longDayYear = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const complete = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

export function formatClock(at: number): string {
  return clock.format(at);
}

/** A date in full, such as `3 May 2021`. */
export function formatDate(at: number): string {
  return longDate.format(at);
}

/** A month in full, such as `May 2021`. */
export function formatMonth(at: number): string {
  return longMonth.format(at);
}

/** Everything about a moment, for titles. */
export function formatMoment(at: number): string {
  return complete.format(at);
}

/** A chat row's time: today the hour, this week the weekday, else the date. */
export function formatRowTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return formatClock(at);
  if (days === 1) return "Yesterday";
  if (days > 1 && days < 7) return weekday.format(at);
  return sameYear(at, now) ? shortDay.format(at) : shortDayYear.format(at);
}

/** A day separator's words. */
export function formatDay(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return sameYear(at, now) ? longDay.format(at) : longDayYear.format(at);
}

/** A run's time: `Today 10:42`, `Yesterday 08:00`, `18 Nov 08:00`. */
export function formatRunTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return `Today ${formatClock(at)}`;
  if (days === 1) return `Yesterday ${formatClock(at)}`;
  return `${(sameYear(at, now) ? shortDay : shortDayYear).format(at)} ${formatClock(at)}`;
}

/** When something was last brought up to date: the hour today, else the day too. */
export function formatSince(at: number, now: number): string {
  return daysBetween(at, now) === 0 ? formatClock(at) : formatRunTime(at, now);
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

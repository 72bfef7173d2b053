// Days and months as a wall calendar has them, in the person's own time zone. A day is where the clock says
// midnight: twenty-three or twenty-five hours before the next in the nights when summer begins and ends.

/** A day; `day` may lie outside of its month, as `Date` allows. */
export type Day = { year: number; month: number; day: number };

export function dayOf(at: number): Day {
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth(), day: date.getDate() };
}

export function startOf({ year, month, day }: Day): number {
  const date = new Date(2000, month, day);
  // The years before 100 are meant as they are written.
  date.setFullYear(year, month, day);
  return date.getTime();
}

/** The same, within its month. */
export function moved(day: Day, by: number): Day {
  return dayOf(startOf({ ...day, day: day.day + by }));
}

/** So many months on, on the same day or the month's last. */
export function movedMonths({ year, month, day }: Day, by: number): Day {
  const first = dayOf(startOf({ year, month: month + by, day: 1 }));
  return { ...first, day: Math.min(day, lengthOf(first)) };
}

export function isSame(a: Day, b: Day): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}

/** How many days a month has. */
export function lengthOf({ year, month }: Pick<Day, "year" | "month">): number {
  return dayOf(startOf({ year, month: month + 1, day: 0 })).day;
}

/** Where the days of a month begin, and where the last one ends. */
export function boundsOfDays({ year, month }: Pick<Day, "year" | "month">): number[] {
  return Array.from({ length: lengthOf({ year, month }) + 1 }, (_, index) =>
    startOf({ year, month, day: index + 1 }),
  );
}

/** Where the months of a year begin, and where the last one ends. */
export function boundsOfMonths(year: number): number[] {
  return Array.from({ length: 13 }, (_, month) => startOf({ year, month, day: 1 }));
}

/** The day with which weeks begin: 0 for Sunday. */
export function weekBegin(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (known.getWeekInfo?.() ?? known.weekInfo ?? { firstDay: 1 }).firstDay % 7;
}

/** The weeks of a month, with nothing where another month's days would stand. */
export function weeksOf({ year, month }: Pick<Day, "year" | "month">, begin: number): (number | null)[][] {
  const first = new Date(startOf({ year, month, day: 1 })).getDay();
  const cells: (number | null)[] = Array.from({ length: (first - begin + 7) % 7 }, () => null);
  for (let day = 1; day <= lengthOf({ year, month }); day++) cells.push(day);
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

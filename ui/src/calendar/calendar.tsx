import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { formatFullDay, formatMonth, formatMonthName, formatWeekday } from "../app/format";
import { activityQuery } from "../app/queries";
import { regional } from "../i18n/language";
import { Icon, type IconName } from "../parts/icon";
import {
  boundsOfDays,
  boundsOfMonths,
  type Day,
  dayOf,
  isSame,
  lengthOf,
  moved,
  movedMonths,
  startOf,
  weekBegin,
  weeksOf,
} from "./month";

type Props = {
  chatId: string;
  /** Where one stands. */
  at: number;
  /** The first and the last message. */
  first: number;
  last: number;
  onPick: (dayStart: number) => void;
};

/** Days of a chat to go to: those on which something was said. The title leads to the months of a year. */
export function Calendar(props: Props) {
  const [cursor, setCursor] = useState(() => dayOf(props.at));
  const [isYear, setIsYear] = useState(false);
  if (isYear) {
    return (
      <Months
        {...props}
        cursor={cursor}
        onCursor={setCursor}
        onPick={(day) => {
          setCursor(day);
          setIsYear(false);
        }}
      />
    );
  }
  return <Days {...props} cursor={cursor} onCursor={setCursor} onTitle={() => setIsYear(true)} />;
}

type View = { cursor: Day; onCursor: (day: Day) => void };

function Days({
  chatId,
  at,
  first,
  last,
  onPick,
  cursor,
  onCursor,
  onTitle,
}: Props & View & { onTitle: () => void }) {
  const bounds = boundsOfDays(cursor);
  const activity = useQuery(activityQuery(chatId, bounds));
  const begin = weekBegin(regional(i18n.locale));
  const table = useRef<HTMLTableElement>(null);
  const follows = useRef(true);
  const today = dayOf(at);

  // The focus goes to the cursor when the calendar opens, and then wherever the keys lead it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever the cursor has moved
  useEffect(() => {
    if (follows.current) table.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    follows.current = false;
  }, [cursor]);

  const clamp = (day: Day) => {
    const start = startOf(day);
    if (start < startOf({ ...dayOf(first), day: 1 })) return dayOf(first);
    if (start > last) return dayOf(last);
    return day;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const to = stepOf(event, cursor, begin);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    follows.current = true;
    onCursor(clamp(to));
  };

  const shown = startOf({ ...cursor, day: 1 });
  return (
    <div className="calendar" data-testid="calendar">
      <Head
        title={formatMonth(shown)}
        onTitle={onTitle}
        before={shown > first ? () => onCursor(clamp(movedMonths(cursor, -1))) : undefined}
        behind={(bounds.at(-1) ?? 0) <= last ? () => onCursor(clamp(movedMonths(cursor, 1))) : undefined}
        names={[t`Month before`, t`Month after`]}
      />
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table of dates in which keys move is a grid
        role="grid"
        aria-label={formatMonth(shown)}
        aria-busy={activity.isPending}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => {
              // 2 January 2000 was a Sunday.
              const sample = startOf({ year: 2000, month: 0, day: 2 + begin + index });
              return (
                <th key={sample} scope="col">
                  {formatWeekday(sample)}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {weeksOf(cursor, begin).map((week) => (
            <tr key={week.find((day) => day !== null)}>
              {week.map((number, index) => {
                // biome-ignore lint/suspicious/noArrayIndexKey: a week has seven places
                if (number === null) return <td key={index} />;
                const day = { ...cursor, day: number };
                const start = bounds[number - 1] ?? 0;
                const isActive = activity.data?.[number - 1] ?? false;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a week has seven places
                  <td key={index}>
                    <button
                      type="button"
                      tabIndex={number === cursor.day ? 0 : -1}
                      aria-label={isActive ? formatFullDay(start) : t`${formatFullDay(start)}, no messages`}
                      aria-disabled={!isActive}
                      aria-current={isSame(day, today) ? "date" : undefined}
                      data-day={number}
                      onClick={() => isActive && onPick(start)}
                    >
                      {number}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where a key leads from a day; nothing for keys that lead nowhere. */
function stepOf(event: KeyboardEvent<HTMLElement>, cursor: Day, begin: number): Day | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const ahead = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
  const weekday = (new Date(startOf(cursor)).getDay() - begin + 7) % 7;
  switch (event.key) {
    case "ArrowLeft":
      return moved(cursor, -ahead);
    case "ArrowRight":
      return moved(cursor, ahead);
    case "ArrowUp":
      return moved(cursor, -7);
    case "ArrowDown":
      return moved(cursor, 7);
    case "PageUp":
      return movedMonths(cursor, event.shiftKey ? -12 : -1);
    case "PageDown":
      return movedMonths(cursor, event.shiftKey ? 12 : 1);
    case "Home":
      return moved(cursor, -weekday);
    case "End":
      return moved(cursor, 6 - weekday);
    default:
      return null;
  }
}

function Months({
  chatId,
  first,
  last,
  cursor,
  onCursor,
  onPick,
}: Omit<Props, "onPick"> & View & { onPick: (day: Day) => void }) {
  const bounds = boundsOfMonths(cursor.year);
  const activity = useQuery(activityQuery(chatId, bounds));
  const step = (by: number) => () => onCursor({ ...cursor, year: cursor.year + by });
  return (
    <div className="calendar" data-testid="calendar-months">
      <Head
        title={String(cursor.year)}
        before={(bounds[0] ?? 0) > first ? step(-1) : undefined}
        behind={(bounds.at(-1) ?? 0) <= last ? step(1) : undefined}
        names={[t`Year before`, t`Year after`]}
      />
      <div className="calendar-months" aria-busy={activity.isPending}>
        {bounds.slice(0, 12).map((start, month) => (
          <button
            key={start}
            type="button"
            disabled={!(activity.data?.[month] ?? false)}
            aria-current={month === cursor.month ? "date" : undefined}
            aria-label={formatMonth(start)}
            onClick={() => {
              const day = Math.min(cursor.day, lengthOf({ year: cursor.year, month }));
              onPick({ year: cursor.year, month, day });
            }}
          >
            {formatMonthName(start)}
          </button>
        ))}
      </div>
    </div>
  );
}

function Head({
  title,
  onTitle,
  before,
  behind,
  names,
}: {
  title: string;
  onTitle?: () => void;
  before: (() => void) | undefined;
  behind: (() => void) | undefined;
  names: readonly [string, string];
}) {
  return (
    <div className="calendar-head">
      <Step icon="back" name={names[0]} onClick={before} />
      {onTitle === undefined ? (
        <span aria-live="polite">{title}</span>
      ) : (
        <button type="button" aria-live="polite" title={t`Months of the year`} onClick={onTitle}>
          {title}
          <Icon name="down" className="size-3.5!" />
        </button>
      )}
      <Step icon="next" name={names[1]} onClick={behind} />
    </div>
  );
}

function Step({ icon, name, onClick }: { icon: IconName; name: string; onClick: (() => void) | undefined }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      disabled={onClick === undefined}
      className="rtl:-scale-x-100"
      onClick={onClick}
    >
      <Icon name={icon} className="size-4.5!" />
    </button>
  );
}

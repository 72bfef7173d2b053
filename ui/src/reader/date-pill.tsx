import { t } from "@lingui/core/macro";
import { type RefObject, useEffect, useRef, useState } from "react";
import { dayKey, formatDay } from "../app/format";
import type { OnDay } from "./chat-calendar";

/** So long it stays when nobody scrolls any more. */
const STAYS = 1_800;

/** The day of what is at the top of the pane, while one scrolls. By keys its button in the header is there. */
export function DatePill({
  scroller,
  topDay,
  now,
  onDay,
}: {
  scroller: RefObject<HTMLElement | null>;
  topDay: () => number | null;
  now: number;
  onDay: OnDay;
}) {
  const [day, setDay] = useState<number | null>(null);
  const [moving, setMoving] = useState(false);
  const latest = useRef(topDay);
  latest.current = topDay;

  useEffect(() => {
    const pane = scroller.current;
    if (pane === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = pane.scrollTop;
    const onScroll = () => {
      // What moves by a few pixels is measured anew, and not scrolled.
      if (Math.abs(pane.scrollTop - from) < 4) return;
      from = pane.scrollTop;
      const at = latest.current();
      setDay((before) => (before !== null && at !== null && dayKey(before) === dayKey(at) ? before : at));
      setMoving(true);
      clearTimeout(timer);
      timer = setTimeout(() => setMoving(false), STAYS);
    };
    pane.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      pane.removeEventListener("scroll", onScroll);
    };
  }, [scroller]);

  if (day === null) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      data-testid="date-pill"
      className={`day pill ${moving ? "" : "idle"}`}
      title={t`To another day`}
      onClick={(event) => onDay(day, event.currentTarget)}
    >
      {formatDay(day, now)}
    </button>
  );
}

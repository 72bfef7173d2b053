// From messages to what the reader lists: day separators in local time, the line above what is new, and
// messages that know whether they begin or continue what one person said.

import { dayKey } from "../app/format";
import type { Gap, Message } from "../bindings";

export type Row =
  | { type: "day"; key: string; at: number }
  | { type: "new"; key: string; count: number }
  | { type: "gap"; key: string; after: number; before: number }
  | { type: "message"; key: string; message: Message; first: boolean };

/** Messages further apart than this are not one breath. */
const TOGETHER = 5 * 60_000;

export function toRows(
  messages: readonly Message[],
  firstUnread: string | null,
  unread: number,
  gaps: readonly Gap[] = [],
): Row[] {
  const rows: Row[] = [];
  let before: Message | null = null;
  for (const message of messages) {
    const gap = gapBetween(before, message, gaps);
    if (gap !== undefined) rows.push({ type: "gap", key: `gap-${gap.after}`, ...gap });
    const newDay = before === null || dayKey(before.at) !== dayKey(message.at);
    if (newDay) rows.push({ type: "day", key: `day-${dayKey(message.at)}-${message.id}`, at: message.at });
    const isFirstUnread = message.id === firstUnread;
    if (isFirstUnread) rows.push({ type: "new", key: "new", count: unread });
    const first =
      newDay || isFirstUnread || gap !== undefined || before === null || !continues(before, message);
    rows.push({ type: "message", key: message.id, message, first });
    before = message;
  }
  return rows;
}

function gapBetween(before: Message | null, message: Message, gaps: readonly Gap[]): Gap | undefined {
  if (before === null) return undefined;
  return gaps.find((gap) => before.at <= gap.after && gap.before <= message.at);
}

/** Whether a message goes on with what the one before began. */
export function continues(before: Message, message: Message): boolean {
  if (stands(before) || stands(message)) return false;
  if (before.from_me !== message.from_me) return false;
  if (before.sender?.jid !== message.sender?.jid) return false;
  return Math.abs(message.at - before.at) <= TOGETHER;
}

/** Kinds that are lines of their own, nobody's bubble. */
function stands(message: Message): boolean {
  return message.kind === "system" || message.kind === "call";
}

import { dayKey, formatClock, formatDate } from "../app/format";

/** A stretch of time of which messages may be missing. */
export function GapRow({ after, before, onLoad }: { after: number; before: number; onLoad: () => void }) {
  return (
    <div className="gap" data-testid="gap" role="note">
      <span>{missing(after, before)}</span>
      <button type="button" className="link" onClick={onLoad}>
        Look for them
      </button>
    </div>
  );
}

/** In days where days lie between, else in hours. */
export function missing(after: number, before: number): string {
  if (dayKey(after) === dayKey(before)) {
    return `Messages from ${formatClock(after)} to ${formatClock(before)} may be missing.`;
  }
  return `Messages from ${formatDate(after)} to ${formatDate(before)} may be missing.`;
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { dayKey, formatClock, formatDate } from "../app/format";

/** A stretch of time of which messages may be missing. */
export function GapRow({ after, before, onLoad }: { after: number; before: number; onLoad: () => void }) {
  return (
    <div className="gap" data-testid="gap" role="note">
      <span>{missing(after, before)}</span>
      <button type="button" className="link" onClick={onLoad}>
        <Trans>Look for them</Trans>
      </button>
    </div>
  );
}

/** In days where days lie between, else in hours. */
export function missing(after: number, before: number): string {
  const write = dayKey(after) === dayKey(before) ? formatClock : formatDate;
  const [from, to] = [write(after), write(before)];
  return t`Messages from ${from} to ${to} may be missing.`;
}

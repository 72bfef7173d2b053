import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { formatCount } from "../app/format";
import { Icon } from "../parts/icon";

/** The ways back: to the answer one came from, and to the end. */
export function ReaderButtons({
  away,
  onBack,
  onEnd,
}: {
  /** New messages further down, which nobody has seen yet. */
  away: number;
  onBack: (() => void) | undefined;
  onEnd: (() => void) | undefined;
}) {
  return (
    <div className="absolute end-5 bottom-4 flex items-center gap-2">
      {onBack !== undefined && (
        <button type="button" className="btn rounded-full! shadow-raised" onClick={onBack}>
          <Trans>Back to the answer</Trans>
        </button>
      )}
      {onEnd !== undefined && (
        <button
          type="button"
          data-testid="jump-end"
          aria-label={
            away > 0
              ? plural(away, { one: "To the end, # new message", other: "To the end, # new messages" })
              : t`To the end`
          }
          title={t`To the end`}
          className="btn relative size-10 rounded-full! p-0! shadow-raised"
          onClick={onEnd}
        >
          <Icon name="down" />
          {away > 0 && (
            <span className="absolute -top-1.5 -end-1 grid h-4.5 min-w-4.5 place-items-center rounded-full bg-accent px-1 text-[10px] font-semibold text-accent-ink">
              {away > 99 ? `${formatCount(99)}+` : formatCount(away)}
            </span>
          )}
        </button>
      )}
    </div>
  );
}

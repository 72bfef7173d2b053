import { plural } from "../app/format";
import { Icon } from "../parts/icon";

/** The ways back: to the answer one came from, and to the end. */
export function ReaderButtons({
  away,
  onBack,
  onEnd,
}: {
  /** New messages that nobody has seen at the end. */
  away: number;
  onBack: (() => void) | undefined;
  onEnd: (() => void) | undefined;
}) {
  return (
    <div className="absolute right-5 bottom-4 flex items-center gap-2">
      {onBack !== undefined && (
        <button type="button" className="btn rounded-full! shadow-raised" onClick={onBack}>
          Back to the answer
        </button>
      )}
      {onEnd !== undefined && (
        <button
          type="button"
          data-testid="jump-end"
          aria-label={away > 0 ? `To the end, ${plural(away, "new message", "new messages")}` : "To the end"}
          title="To the end"
          className="btn relative size-10 rounded-full! p-0! shadow-raised"
          onClick={onEnd}
        >
          <Icon name="down" />
          {away > 0 && (
            <span className="absolute -top-1.5 -right-1 grid h-4.5 min-w-4.5 place-items-center rounded-full bg-accent px-1 text-[10px] font-semibold text-accent-ink">
              {away > 99 ? "99+" : away}
            </span>
          )}
        </button>
      )}
    </div>
  );
}

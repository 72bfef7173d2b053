import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { formatCount } from "../app/format";

/** More than this is worth a bar; less is there before one has read a word about it. */
const WORTH_A_BAR = 300;

/** How far the index has come, where it has not seen everything. */
export function Indexing({ behind, total, isMade }: { behind: number; total: number; isMade: boolean }) {
  if (behind <= 0) return null;
  const seen = Math.max(0, total - behind);
  if (behind < WORTH_A_BAR && isMade) {
    return (
      <p data-testid="indexing" className="mt-3 text-sm text-ink-2">
        <Plural
          value={behind}
          one="# of the newest messages is not indexed yet; it is found in a moment."
          other="# of the newest messages are not indexed yet; they are found in a moment."
        />
      </p>
    );
  }
  return (
    <div data-testid="indexing" className="mt-3 rounded-[12px] bg-accent-soft px-3.5 py-3 text-sm">
      <p className="mb-2">
        <strong className="font-semibold">
          {isMade ? <Trans>Still indexing</Trans> : <Trans>The search index is being made</Trans>}
          {": "}
        </strong>
        <Trans>
          {formatCount(seen)} of {formatCount(total)} messages can be found so far. No message is missing: all
          can be read in their chats.
        </Trans>
      </p>
      <div
        role="progressbar"
        aria-label={t`Indexing`}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={seen}
        className="bar-track bg-surface!"
      >
        <div className="bar-fill" style={{ width: `${total === 0 ? 0 : (100 * seen) / total}%` }} />
      </div>
    </div>
  );
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Quote } from "../bindings";
import { colourOf } from "../parts/initials";
import { Glimpse } from "./text";

/** What a message answers; it leads there unless it is known not to be here, and says so then. */
export function Quoted({ quote, onJump }: { quote: Quote; onJump: (quote: Quote) => void }) {
  const mine = quote.sender_name === "me";
  const name = mine ? t`You` : quote.sender_name || null;
  const colour = mine || name === null ? "var(--accent)" : `var(--p${colourOf(quote.sender ?? name, 6) + 1})`;
  const inner = (
    <>
      {name !== null && (
        <b style={{ color: colour }}>
          <bdi>{name}</bdi>
        </b>
      )}
      <span className="quoted-text" dir="auto">
        {quote.preview === "" ? t`A message` : <Glimpse text={quote.preview} mentions={quote.mentions} />}
      </span>
      {quote.missing && (
        <small>
          <Trans>The original is not on this computer.</Trans>
        </small>
      )}
    </>
  );
  if (quote.missing) {
    return (
      <div className="quoted" style={{ borderColor: colour }}>
        {inner}
      </div>
    );
  }
  return (
    <button
      type="button"
      className="quoted"
      style={{ borderColor: colour }}
      title={t`To the message that this answers`}
      onClick={() => onJump(quote)}
    >
      {inner}
    </button>
  );
}

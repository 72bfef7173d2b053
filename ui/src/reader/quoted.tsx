import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Quote } from "../bindings";
import { colourOf } from "../parts/initials";

/** What a message answers; it leads there when it is here, and says so when it is not. */
export function Quoted({ quote, onJump }: { quote: Quote; onJump: (id: string) => void }) {
  const { id } = quote;
  const mine = quote.sender_name === "me";
  const name = mine ? t`You` : quote.sender_name || null;
  const colour = mine || name === null ? "var(--accent)" : `var(--p${colourOf(name, 6) + 1})`;
  const inner = (
    <>
      {name !== null && (
        <b style={{ color: colour }}>
          <bdi>{name}</bdi>
        </b>
      )}
      <span className="quoted-text">
        <bdi>{quote.preview === "" ? t`A message` : quote.preview}</bdi>
      </span>
      {id === null && (
        <small>
          <Trans>The original is not on this computer.</Trans>
        </small>
      )}
    </>
  );
  if (id === null) {
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
      onClick={() => onJump(id)}
    >
      {inner}
    </button>
  );
}

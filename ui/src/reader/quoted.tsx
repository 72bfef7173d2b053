import type { Quote } from "../bindings";
import { colourOf } from "../parts/initials";

/** What a message answers; it leads there when it is here, and says so when it is not. */
export function Quoted({ quote, onJump }: { quote: Quote; onJump: (id: string) => void }) {
  const { id } = quote;
  const mine = quote.sender_name === "me";
  const name = mine ? "You" : quote.sender_name || null;
  const colour = mine || name === null ? "var(--accent)" : `var(--p${colourOf(name, 6) + 1})`;
  const inner = (
    <>
      {name !== null && (
        <b style={{ color: colour }}>
          <bdi>{name}</bdi>
        </b>
      )}
      <span className="quoted-text">
        <bdi>{quote.preview === "" ? "A message" : quote.preview}</bdi>
      </span>
      {id === null && <small>The original is not on this computer.</small>}
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
      title="To the message that this answers"
      onClick={() => onJump(id)}
    >
      {inner}
    </button>
  );
}

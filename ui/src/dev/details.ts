// What the core says of one message, and of when something was said.
import type { Message, MessageDetails, Receipt } from "../bindings";

const MINUTE = 60_000;

export function detailsOf(said: readonly Message[], id: string): MessageDetails {
  const message = said.find((each) => each.id === id);
  if (message === undefined) throw { code: "bad_cursor", message: `"${id}" is no place in this list` };
  const raw = message.kind === "unknown" ? { raw: { riddleMessage: { v: 1 } } } : null;
  return {
    server_id: "0199b6f0-6d1e-7cc3-9a55-2f7b9a3e41d2",
    source: "history_sync",
    edited_at: message.edits.at(-1)?.at ?? null,
    deleted_at: message.deleted ? message.at + 3 * MINUTE : null,
    receipts: message.from_me ? receiptsOf(message) : [],
    raw: raw === null ? "" : JSON.stringify(raw),
  };
}

function receiptsOf({ status, at }: Message): Receipt[] {
  const person = (name: string, read: number | null): Receipt => ({
    jid: `${name}@s.whatsapp.net`,
    name,
    delivered_at: at + 4_000,
    read_at: read,
    played_at: null,
  });
  if (status === "read" || status === "played") {
    return [person("Ana Souza", at + 2 * MINUTE), person("João", at + 9 * MINUTE), person("Fatima", null)];
  }
  return status === "delivered" ? [person("Ana Souza", null)] : [];
}

/** Whether something was said between each bound and the next. */
export function activity(said: readonly Message[], bounds: readonly number[]): boolean[] {
  return bounds.slice(1).map((end, index) => {
    const begin = bounds[index] ?? 0;
    return said.some(({ at }) => at >= begin && at < end);
  });
}

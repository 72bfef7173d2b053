// What the core says of one message, and of when something was said.
import type { Message, MessageDetails, MessageSource, Receipt } from "../bindings";

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

/** The phone and an exported text know every other message; `?sources=away` is a server that cannot be reached. */
export function sourcesOf(said: readonly Message[], id: string, how: string | null): MessageSource[] {
  if (how === "away") throw { code: "unreachable", message: "https://sync.example.org does not answer" };
  const at = said.findIndex((each) => each.id === id);
  const phone: MessageSource = { way: "history_sync", import: null, is_loose: false };
  if (at % 2 === 1) return [phone];
  const text: MessageSource = {
    way: null,
    import: {
      id: "1",
      account_id: "1",
      files: ["WhatsApp Chat with Lisbon flat.zip"],
      formats: ["whatsapp-export"],
      begun_at: Date.UTC(2026, 10, 18, 20, 4),
      state: "complete",
      saved: 400,
      changed: 12,
    },
    is_loose: true,
  };
  return [phone, text];
}

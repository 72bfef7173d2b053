// A gallery as rows: the months above, pictures side by side, everything else one below the other.
import type { Message } from "../bindings";

export type GalleryRow =
  | { type: "month"; key: string; at: number }
  | { type: "things"; key: string; messages: Message[] };

/** `across` stand in a row. */
export function rowsOf(messages: readonly Message[], across: number): GalleryRow[] {
  const rows: GalleryRow[] = [];
  let month = "";
  for (const message of messages) {
    const of = monthOf(message.at);
    const last = rows.at(-1);
    if (of !== month) {
      month = of;
      rows.push({ type: "month", key: of, at: message.at });
      rows.push({ type: "things", key: message.id, messages: [message] });
    } else if (last?.type === "things" && last.messages.length < across) last.messages.push(message);
    else rows.push({ type: "things", key: message.id, messages: [message] });
  }
  return rows;
}

function monthOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}`;
}

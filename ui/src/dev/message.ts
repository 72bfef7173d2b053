import type { Message } from "../bindings";

/** A plain message for tests, with what the test is about in place of the rest. */
export function messageOf(id: string, more: Partial<Message> = {}): Message {
  return {
    id,
    external_id: `X${id}`,
    kind: "text",
    text: `message ${id}`,
    at: Number(id) * 60_000,
    sender: { jid: "ana@s.whatsapp.net", name: "Ana" },
    from_me: false,
    forwarded: false,
    starred: false,
    edited: false,
    edits: [],
    deleted: false,
    status: null,
    quote: null,
    reactions: [],
    media: null,
    place: null,
    poll: null,
    cards: [],
    mentions: [],
    spans: [],
    unknown_kind: null,
    ...more,
  };
}

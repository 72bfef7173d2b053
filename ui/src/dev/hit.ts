import type { SearchHit, SearchPage } from "../bindings";

/** A hit for tests, with what the test is about in place of the rest. */
export function hitOf(id: string, more: Partial<SearchHit> = {}): SearchHit {
  return {
    message_id: id,
    external_id: `X${id}`,
    chat_id: "1",
    chat_jid: "ana@s.whatsapp.net",
    chat_name: "Ana",
    account_id: "1",
    kind: "text",
    at: Number(id) * 60_000,
    sender: { jid: "ana@s.whatsapp.net", name: "Ana" },
    from_me: false,
    text: { text: `message ${id}`, start: 0, cut: false, marks: [[0, 7]] },
    mentions: [],
    file: null,
    place: id,
    ...more,
  };
}

export function pageOf(hits: SearchHit[], more: Partial<SearchPage> = {}): SearchPage {
  return { hits, about: hits.length, more: false, behind: 0, next: null, unknown: [], ...more };
}

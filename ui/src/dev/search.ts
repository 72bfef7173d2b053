// Searching in the invented archive: words, phrases, what is left out, and the filters, plainly and slowly.
// `?behind=` says how many messages are not indexed; `?state=unindexed` has no index, `?state=noindex` a broken one.
import type {
  Chat,
  ChatHits,
  Excerpt,
  Message,
  NamesFound,
  QuickFound,
  SearchByChat,
  SearchHit,
  SearchPage,
  SearchQuery,
} from "../bindings";
import type { Mark } from "../parts/marked";
import { type Piece, pieces } from "../search/query";
import type { Archive } from "./archive";
import { wait } from "./wait";

type Arguments = Record<string, unknown>;

/** Folded letters, and for each of them where it stood. */
function fold(text: string): { text: string; at: number[] } {
  let folded = "";
  const at: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const letters = text.charAt(index).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    for (let letter = 0; letter < letters.length; letter++) at.push(index);
    folded += letters;
  }
  at.push(text.length);
  return { text: folded, at };
}

function marksOf(text: string, words: readonly string[]): Mark[] {
  const folded = fold(text);
  const marks: Mark[] = [];
  for (const word of words) {
    const needle = fold(word).text;
    if (needle === "") continue;
    for (let at = folded.text.indexOf(needle); at !== -1; at = folded.text.indexOf(needle, at + 1)) {
      if (/[\p{L}\p{N}]/u.test(needle.charAt(0)) && /[a-z0-9]/.test(folded.text.charAt(at - 1))) continue;
      marks.push([folded.at[at] ?? 0, folded.at[at + needle.length] ?? text.length]);
    }
  }
  return marks.sort((a, b) => a[0] - b[0]);
}

function excerpt(text: string, words: readonly string[]): Excerpt {
  const marks = marksOf(text, words);
  const start = text.length > 600 ? Math.max(0, (marks[0]?.[0] ?? 0) - 80) : 0;
  const piece = text.slice(start, start + 600);
  const inside = marks.filter(([, to]) => to <= start + piece.length);
  return {
    text: piece,
    start,
    cut: start + piece.length < text.length,
    marks: inside.map(([from, to]) => [from - start, to - start]),
  };
}

function fits(message: Message, chat: Chat, piece: Piece): boolean {
  const { name, text } = piece;
  const value = fold(text).text;
  if (piece.type !== "filter") {
    return marksOf(message.text, [text]).length + marksOf(message.media?.file_name ?? "", [text]).length > 0;
  }
  const year = String(new Date(message.at).getFullYear());
  switch (name) {
    case "from":
      return value === "me" ? message.from_me : fold(message.sender?.name ?? "").text.startsWith(value);
    case "in":
      return chat.jid === text || fold(chat.name).text.startsWith(value);
    case "has":
    case "type":
      return value === "link"
        ? message.text.includes("https://")
        : message.kind === value || (value === "photo" && message.kind === "image");
    case "is":
      return value === "starred" ? message.starred : message.forwarded;
    case "before":
      return year < value.slice(0, 4);
    case "after":
      return year > value.slice(0, 4);
    case "on":
      return year === value.slice(0, 4);
    default:
      return true;
  }
}

function find(archive: Archive, query: SearchQuery, behind: number): SearchPage {
  const asked = pieces(query.text).filter((piece) => piece.type !== "or" && piece.type !== "unfinished");
  const words = asked.filter((piece) => piece.type !== "filter" && !piece.without).map((piece) => piece.text);
  const chats = archive.chats.filter((chat) => query.chat_id === null || chat.id === query.chat_id);
  const all = chats.flatMap((chat) =>
    (archive.messages.get(chat.id) ?? [])
      .filter((each) => !each.deleted && asked.every((piece) => fits(each, chat, piece) !== piece.without))
      .map((message) => ({ chat, message })),
  );
  all.sort((a, b) => b.message.at - a.message.at);
  if (query.order === "best") all.sort((a, b) => a.message.text.length - b.message.text.length);
  const from = Number(query.place ?? "0");
  const limit = query.limit === 0 ? 50 : query.limit;
  const hits = all.slice(from, from + limit).map(({ chat, message }): SearchHit => {
    const name = message.media?.file_name ?? "";
    return {
      message_id: message.id,
      external_id: message.external_id,
      chat_id: chat.id,
      chat_jid: chat.jid,
      chat_name: chat.name,
      account_id: chat.account_id,
      kind: message.kind,
      at: message.at,
      sender: message.sender,
      from_me: message.from_me,
      text: excerpt(message.text, words),
      mentions: message.mentions,
      file: marksOf(name, words).length > 0 ? excerpt(name, words) : null,
      place: message.id,
    };
  });
  const names = asked.filter((piece) => piece.name === "from" || piece.name === "in");
  const unknown = names.filter((piece) => !isKnown(archive, piece.text)).map((piece) => piece.text);
  const next = from + limit < all.length ? String(from + limit) : null;
  return { hits, about: from === 0 ? all.length : null, more: all.length > 1_000, behind, next, unknown };
}

/** The same by chat. */
function byChat({ hits, behind, unknown, about }: SearchPage, archive: Archive): SearchByChat {
  const chats: ChatHits[] = [];
  for (const hit of hits) {
    const known = chats.find(({ chat }) => chat.id === hit.chat_id);
    const chat = archive.chats.find(({ id }) => id === hit.chat_id);
    if (known === undefined && chat !== undefined) chats.push({ chat, count: 1, hits: [hit] });
    else if (known !== undefined) {
      known.count += 1;
      if (known.hits.length < 3) known.hits.push(hit);
    }
  }
  return { chats, more: false, behind, is_indexed: about !== null, unknown };
}

function isKnown(archive: Archive, text: string): boolean {
  const { chats, people } = named(archive, text, 1);
  return text === "me" || chats.length + people.length > 0;
}

function named(archive: Archive, text: string, limit: number): NamesFound {
  const value = fold(text.trim()).text;
  const fitting = archive.chats.filter(
    (chat) =>
      chat.jid === text.trim() ||
      fold(chat.name)
        .text.split(" ")
        .some(
          (word, index) =>
            value !== "" &&
            (word.startsWith(value) || (index === 0 && fold(chat.name).text.startsWith(value))),
        ),
  );
  return {
    chats: fitting.slice(0, limit),
    people: fitting
      .filter((chat) => chat.kind === "direct")
      .slice(0, limit)
      .map((chat) => ({
        id: chat.id,
        initial: chat.name.charAt(0).toUpperCase(),
        jid: chat.jid,
        name: chat.name,
        phone: `+49 1511 000${chat.id}`,
        account_id: chat.account_id,
        chat_id: chat.messages > 0 ? chat.id : null,
      })),
  };
}

/** The commands that find. */
export function searching(archive: Archive, params: URLSearchParams) {
  const state = params.get("state");
  const total = 248_913;
  let behind = state === "unindexed" ? total : Number(params.get("behind") ?? "0");
  let broken = state === "noindex";
  const search = async (query: SearchQuery): Promise<SearchPage> => {
    if (params.has("slow")) await wait(900);
    if (broken) {
      throw { code: "search_index", message: "the search index cannot be used: it is damaged" };
    }
    const found = find(archive, query, behind);
    return behind >= total ? { ...found, hits: [], about: null, next: null } : found;
  };
  return {
    behind: () => behind,
    handlers: {
      search_by_chat: async ({ query }: Arguments) =>
        byChat(await search({ ...(query as SearchQuery), order: null, place: null, limit: 10_000 }), archive),
      search_messages: ({ query }: Arguments) => search(query as SearchQuery),
      search_names: ({ text }: Arguments) => named(archive, String(text), 50),
      search_quick: async ({ text }: Arguments): Promise<QuickFound> => {
        const query = { text: String(text), chat_id: null, order: null, place: null, newer: false, limit: 6 };
        return { ...named(archive, query.text, 6), messages: await search(query) };
      },
      search_rebuild: () => {
        broken = false;
        behind = total;
        const timer = setInterval(() => {
          behind = Math.max(0, behind - 40_000);
          if (behind === 0) clearInterval(timer);
        }, 1_000);
        return null;
      },
    },
  };
}

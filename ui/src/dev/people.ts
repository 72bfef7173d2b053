// People, details and galleries of the invented archive.
import type {
  Chat,
  ChatDetails,
  Contact,
  ContactPage,
  ContactQuery,
  GalleryKind,
  GalleryPage,
  Message,
  Person,
  Written,
} from "../bindings";
import type { Archive } from "./archive";

type Arguments = Record<string, unknown>;

const MORE = [
  "Álvaro Siza",
  "Beatriz",
  "Bento",
  "Cristina Ferraz",
  "Duarte",
  "Elif Aydın",
  "Émile Zárate",
  "Franz Huber",
  "Grace Okafor",
  "Hanna Virtanen",
  "İpek",
  "Jürgen",
  "Kofi",
  "Lena Brandt",
  "Mwangi",
  "Nadia",
  "Oskar",
  "Pilar",
  "Quynh",
  "Rui",
  "Svetlana",
  "Tomás",
  "Ulla",
  "Vikram",
  "Wanjiru",
  "Xavier",
  "Yusuf",
  "Zoë",
] as const;

function initialOf(name: string): string {
  const first = name.normalize("NFD").charAt(0).toUpperCase();
  return /\p{L}/u.test(first) ? first : "#";
}

function personOf(chat: Chat): Person {
  const nameless = chat.name.startsWith("+");
  return {
    id: chat.id,
    jid: chat.jid,
    name: nameless ? chat.name.replaceAll(" ", "") : chat.name,
    initial: nameless ? "" : initialOf(chat.name),
    phone: nameless ? chat.name.replaceAll(" ", "") : `+49151100${chat.id.padStart(5, "0")}`,
    account_id: chat.account_id,
    chat_id: chat.id,
  };
}

function everybody(archive: Archive): Person[] {
  const direct = archive.chats.filter((chat) => chat.kind === "direct").map(personOf);
  const others = MORE.map(
    (name, index): Person => ({
      id: `p${index}`,
      jid: `491520000${index}@s.whatsapp.net`,
      name,
      initial: initialOf(name),
      phone: `+49152000${String(index).padStart(5, "0")}`,
      account_id: "1",
      chat_id: null,
    }),
  );
  const all = archive.chats.length === 0 ? [] : [...direct, ...others];
  const letters = new Intl.Collator("en");
  return all.sort(
    (a, b) => Number(a.initial === "") - Number(b.initial === "") || letters.compare(a.name, b.name),
  );
}

function contactPage(archive: Archive, query: ContactQuery): ContactPage {
  const text = (query.text ?? "").toLowerCase();
  const fitting = everybody(archive).filter(
    (person) => person.name.toLowerCase().includes(text) || person.phone?.includes(text),
  );
  const from = Number(query.after ?? "0");
  const to = from + query.limit;
  return { people: fitting.slice(from, to), next: to < fitting.length ? String(to) : null };
}

function contactOf(archive: Archive, id: string): Contact {
  const person = everybody(archive).find((each) => each.id === id);
  if (person === undefined) throw { code: "no_contact", message: `there is no person "${id}" here` };
  const groups = archive.chats.filter((chat) => chat.kind === "group").slice(0, 3);
  const isRich = person.name === "Ana Souza";
  return {
    person,
    is_contact: true,
    saved_name: person.initial === "" ? "" : person.name,
    full_name: person.initial === "" ? "" : person.name,
    own_name: isRich ? "ana ✨" : "",
    username: "",
    about: isRich ? "Usually on the train between Porto and Coimbra" : "",
    business: person.name === "Bento",
    blocked: false,
    favorite: isRich,
    last_seen: null,
    addresses: [
      { jid: `${(person.phone ?? "+0").slice(1)}@s.whatsapp.net`, kind: "phone", seen_name: "" },
      ...(isRich ? [{ jid: "100000000000001@lid", kind: "hidden" as const, seen_name: "Ana S." }] : []),
    ],
    merged: isRich ? [{ jid: "100000000000001@lid", name: "Ana S." }] : [],
    groups: groups.map((chat, index) => ({ chat, left: index === 2 })),
    chat: archive.chats.find((chat) => chat.id === person.chat_id) ?? null,
    from: person.phone ?? person.jid,
  };
}

function detailsOf(archive: Archive, id: string): ChatDetails {
  const chat = archive.chats.find((each) => each.id === id);
  if (chat === undefined) throw { code: "no_chat", message: `there is no chat "${id}" here` };
  const people = everybody(archive).slice(0, chat.kind === "group" ? 9 : 0);
  const first = archive.messages.get(id)?.[0]?.at ?? null;
  return {
    chat,
    description:
      chat.kind === "group" ? "Everything about the flat.\nKeys, bills, who waters the plants: here." : "",
    created_at: chat.kind === "group" && first !== null ? first - 86_400_000 : null,
    first_at: first,
    on_server: null,
    person_id: chat.kind === "direct" ? chat.id : null,
    members: people.map((person, index) => ({
      person_id: person.id,
      jid: person.jid,
      name: person.name,
      phone: person.phone,
      is_me: index === 3,
      role: index === 0 ? "owner" : index < 3 ? "admin" : "member",
      joined_at: null,
      left_at: index > 6 ? Date.now() - index * 86_400_000 * 40 : null,
    })),
  };
}

const HAS: Readonly<Record<GalleryKind, (message: Message) => boolean>> = {
  media: ({ kind }) => kind === "image" || kind === "video",
  audio: ({ kind }) => kind === "voice" || kind === "audio",
  links: ({ text }) => text.includes("https://"),
  documents: ({ kind }) => kind === "document",
};

/** The commands about people and about what is in a chat; `behind` is how much is not indexed. */
export function peopling(archive: Archive, behind: () => number) {
  return {
    contact_list: ({ query }: Arguments) => contactPage(archive, query as ContactQuery),
    contact_get: ({ id }: Arguments) => contactOf(archive, String(id)),
    contact_written: ({ id }: Arguments): Written => {
      const said = archive.messages.get(String(id)) ?? [];
      const theirs = said.filter((each) => !each.from_me);
      return { about: theirs.length, more: false, last_at: theirs.at(-1)?.at ?? null, behind: behind() };
    },
    chat_details: ({ id }: Arguments) => detailsOf(archive, String(id)),
    gallery_list: ({ chatId, kind, place, limit }: Arguments): GalleryPage => {
      const said = archive.messages.get(String(chatId)) ?? [];
      const found = said.filter((each) => !each.deleted && HAS[kind as GalleryKind](each)).reverse();
      const from = Number(place ?? "0");
      const to = from + Number(limit);
      return {
        messages: found.slice(from, to),
        about: from === 0 ? found.length : null,
        more: false,
        behind: behind(),
        next: to < found.length ? String(to) : null,
      };
    },
  };
}

// An invented archive for looking at the window without the core: every kind of message, several scripts,
// long and short chats. Seeded, so that a picture taken twice is the same picture.
import type { Chat, Media, Message } from "../bindings";

export type Archive = { chats: Chat[]; messages: Map<string, Message[]> };

const MINUTE = 60_000;

const LINES = [
  "I measured the kitchen again: 3.42 m along the window wall, so the oak worktop fits without a cut.",
  "And they deliver on Saturdays",
  "Saturday works. I will be there from nine, the lift key is with the porter",
  "j'ai relu le contrat : la clause 7 a changé, le dépôt passe à deux mois",
  "the landlord wants an answer by friday",
  "Then let us meet tonight, 20:00 at mine?",
  "o orçamento foi aprovado 🎉",
  "明日の会議は十時からです",
  "встретимся у метро",
  "تم إرسال الفاتورة، شكرا لك على الصبر",
  "שלום, נדבר מחר בבוקר? (בערך בתשע)",
  "ok",
  "👍",
  "😂😂",
  "here is the place I meant: https://example.org/wiki/Tram_(Lisbon)?line=28#history and mail me at mailto:ana@example.org.",
  "<b>not bold</b> <img src=x onerror=alert(1)> & <script>alert(2)</script>",
  "Line one\nLine two\n\n    and an indented one",
  "I can drive two people, who else has a car?",
  "*Shopping* for tonight:\n- bread\n- _two_ lemons\n- ~wine~ water\n> who brings the chairs?\nthe code is `4711`",
  "合同已经发到你的邮箱",
  "Did anyone see my blue scarf? I think it stayed on the train between Porto and Coimbra last Thursday evening.",
];

const PEOPLE = ["Ana Souza", "Chloé Ménard", "João", "田中 健", "Fatima", "Søren", "Dmitri", "王芳"];

const CHATS: readonly {
  name: string;
  kind: Chat["kind"];
  size: number;
  unread?: number;
  flag?: "pinned" | "muted" | "archived";
}[] = [
  { name: "Lisbon flat", kind: "group", size: 3_000, unread: 5, flag: "pinned" },
  { name: "Ana Souza", kind: "direct", size: 900, unread: 2 },
  { name: "田中 健", kind: "direct", size: 240 },
  { name: "Mum", kind: "direct", size: 700 },
  { name: "Climbing, Thursdays", kind: "group", size: 420, flag: "muted", unread: 37 },
  { name: "Dmitri", kind: "direct", size: 80 },
  { name: "Fatima", kind: "direct", size: 64 },
  { name: "João", kind: "direct", size: 300 },
  { name: "Book club", kind: "group", size: 180 },
  { name: "Søren", kind: "direct", size: 12 },
  { name: "王芳", kind: "direct", size: 40 },
  { name: "+49 1511 2345667", kind: "direct", size: 3 },
  {
    name: "A group with a name so long that no column will ever be wide enough for all of it",
    kind: "group",
    size: 25,
  },
  { name: "Neighbours", kind: "broadcast", size: 9 },
  { name: "City news", kind: "channel", size: 30 },
  { name: "Nothing said", kind: "direct", size: 0 },
  { name: "Old flat", kind: "group", size: 90, flag: "archived" },
];

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAIAAABxZ0isAAAAPklEQVR42mNYsOMwVsRAPYkLT75hRQwUSTx+/x8Nff/14+Xnbwz4tGFF+OzAKY7LQQzkuYoBlyvnbjmIBQEAi2zEvOhWkuMAAAAASUVORK5CYII=";

/** A generator of numbers that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function makeArchive(many: boolean): Archive {
  const random = seeded(7);
  const messages = new Map<string, Message[]>();
  const chats = CHATS.map((plan, index): Chat => {
    const id = String(index + 1);
    const said = makeMessages(id, plan.kind, plan.name, plan.size, index, random);
    messages.set(id, said);
    return chatOf(id, plan, said);
  });
  for (let index = chats.length; many && index < 10_000; index++) {
    const id = String(index + 1);
    const plan = { name: `${PEOPLE[index % PEOPLE.length]} ${index}`, kind: "direct" as const, size: 2 };
    const said = makeMessages(id, plan.kind, plan.name, plan.size, index, random);
    messages.set(id, said);
    chats.push(chatOf(id, plan, said));
  }
  chats.sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || (b.last_message_at ?? 0) - (a.last_message_at ?? 0),
  );
  return { chats, messages };
}

function chatOf(id: string, plan: (typeof CHATS)[number], said: Message[]): Chat {
  const last = said.at(-1);
  return {
    id,
    jid: plan.kind === "group" ? `12036${id}@g.us` : `4915${id}@s.whatsapp.net`,
    name: plan.name,
    kind: plan.kind,
    account_id: "1",
    last:
      last === undefined
        ? null
        : {
            kind: last.kind,
            text: last.text.replaceAll("\n", " "),
            sender: plan.kind === "group" ? (last.sender?.name ?? null) : null,
            from_me: last.from_me,
            deleted: last.deleted,
          },
    unread: plan.unread ?? 0,
    messages: said.length,
    last_message_at: last?.at ?? null,
    pinned: plan.flag === "pinned",
    muted: plan.flag === "muted",
    archived: plan.flag === "archived",
    participants: plan.kind === "group" ? 6 : 0,
    history_complete: false,
    gaps: gapsOf(said),
  };
}

/** A stretch between two messages that lie days apart, in one chat of every archive. */
function gapsOf(said: readonly Message[]): Chat["gaps"] {
  const place = said.length - 14;
  const [after, before] = [said[place]?.at, said[place + 1]?.at];
  return after === undefined || before === undefined ? [] : [{ after, before }];
}

function makeMessages(
  chat: string,
  kind: Chat["kind"],
  name: string,
  size: number,
  index: number,
  random: () => number,
): Message[] {
  const list: Message[] = [];
  const gaps = Array.from({ length: size }, () =>
    Math.floor(random() * (random() < 0.6 ? 4 * MINUTE : 180 * MINUTE)),
  );
  let at = Date.now() - index * index * 97 * MINUTE - gaps.reduce((sum, gap) => sum + gap, 0);
  for (const [number, gap] of gaps.entries()) {
    at += gap;
    list.push(makeMessage(chat, number, kind, name, at, list, random));
  }
  const first = list.at(0);
  if (first !== undefined && kind === "group") {
    list[0] = {
      ...first,
      kind: "system",
      sender: null,
      from_me: false,
      media: null,
      text: "Ana Souza created this group",
    };
  }
  return list;
}

function makeMessage(
  chat: string,
  number: number,
  chatKind: Chat["kind"],
  chatName: string,
  at: number,
  before: readonly Message[],
  random: () => number,
): Message {
  const mine = random() < 0.32;
  const person = chatKind === "direct" ? chatName : (PEOPLE[Math.floor(random() * 5)] ?? chatName);
  const message: Message = {
    id: `${chat}-${number}`,
    external_id: `3EB0${chat}${number.toString(16).toUpperCase().padStart(6, "0")}`,
    kind: "text",
    text: LINES[Math.floor(random() * LINES.length)] ?? "",
    at,
    sender: mine ? null : { jid: `${person}@s.whatsapp.net`, name: person },
    from_me: mine,
    forwarded: random() < 0.03,
    starred: random() < 0.03,
    edited: false,
    edits: [],
    deleted: false,
    status: mine
      ? (["read", "delivered", "sent", "read", "played", "pending", "failed"][Math.floor(random() * 7)] ??
        null)
      : null,
    quote: null,
    reactions: [],
    media: null,
    place: null,
    poll: null,
    cards: [],
    mentions: [],
    spans: [],
    unknown_kind: null,
  };
  const roll = random();
  const answered = before[before.length - 1 - Math.floor(random() * Math.min(before.length, 120))];
  if (roll < 0.1 && answered !== undefined) {
    const isHere = random() < 0.85;
    message.quote = {
      external_id: answered.external_id,
      id: isHere ? answered.id : null,
      missing: !isHere,
      sender: answered.sender?.jid ?? null,
      sender_name: answered.from_me ? "me" : (answered.sender?.name ?? null),
      preview: answered.text,
      mentions: answered.mentions,
    };
  } else if (roll < 0.14) {
    message.edited = true;
    message.edits = [{ text: `${message.text.slice(0, 30)}…`, at: at + 40_000 }];
  } else if (roll < 0.16) {
    message.deleted = true;
    message.text = "";
  } else if (roll < 0.34) {
    dress(message, Math.floor(random() * 12));
  }
  if (random() < 0.07) {
    message.reactions = [
      { emoji: "👍", sender: "a", sender_name: "Ana Souza" },
      { emoji: "👍", sender: "b", sender_name: "João" },
      { emoji: "❤️", sender: "me", sender_name: "me" },
    ].slice(0, 1 + Math.floor(random() * 3));
  }
  return message;
}

/** Makes a message one of the kinds that are not plain text. */
function dress(message: Message, which: number): void {
  const media = (type: string, more: Partial<Media>): Media => ({
    id: message.id,
    state: more.on_server === false ? "not_on_server" : "on_server",
    error: null,
    media_type: type,
    mime_type: "",
    file_name: "",
    bytes: 482_113,
    width: null,
    height: null,
    seconds: null,
    thumbnail: null,
    on_server: true,
    ...more,
  });
  const as = (kind: string, text: string, more: Partial<Message> = {}) =>
    Object.assign(message, { kind, text, ...more });
  switch (which) {
    case 0:
      as("image", "the garden in May", {
        media: media("image", { width: 1600, height: 1200, thumbnail: PIXEL, state: "here" }),
      });
      break;
    case 1:
      as("image", "", { media: media("image", { width: 900, height: 1600, on_server: false }) });
      break;
    case 2:
      as("video", "", {
        media: media("video", { width: 1280, height: 720, seconds: 34, bytes: 18_400_000 }),
      });
      break;
    case 3:
      as("voice", "", {
        media: media("voice", { seconds: 84, bytes: 92_000, state: "failed", error: "unreachable" }),
      });
      break;
    case 4:
      as("document", "contrato_final_v3.pdf", {
        media: media("document", {
          file_name: "contrato_final_v3.pdf",
          mime_type: "application/pdf",
          state: "here",
        }),
      });
      break;
    case 5:
      as("sticker", "", { media: media("sticker", { width: 512, height: 512 }) });
      break;
    case 6:
      as("location", "", {
        place: {
          latitude: 38.71667,
          longitude: -9.13333,
          name: "Miradouro",
          address: "Largo da Graça, Lisboa",
        },
      });
      break;
    case 7:
      as("contact", "Porter", { cards: [{ name: "Porter", phone: "+351 21 555 0100" }] });
      break;
    case 8:
      as("poll", "Which evening?", {
        poll: {
          options: ["Thursday", "Friday", "Any, but not before eight"],
          votes: [3, 1, 0],
          several: false,
        },
      });
      break;
    case 9:
      as("call", "Missed voice call", { sender: null, from_me: false, status: null });
      break;
    case 10:
      as("unknown", "", { unknown_kind: "riddleMessage" });
      break;
    default:
      as("text", `${message.text} `.repeat(120));
  }
}

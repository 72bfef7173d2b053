// Names and texts as nobody means well: what turns a line around, what has no place to break, what looks like
// markup, what stacks up over the line above. `?state=hostile`.
import type { Account, Message } from "../bindings";
import type { Archive } from "./archive";

const NAMES = [
  "\u202Egpj.ecafruoy\u202C",
  "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe",
  "<script>alert('name')</script>",
  "Z̷̢̛͔̘̫̺͉͉̈́͋̿͆̚͝a̴̧̺̱̗̳̪͐̿̀̒l̵̢̯̼̤͓̪̋̒̿̓g̶̡̮͚͎̮̐̀̏̔o̷̢̼̝̠͇̘̐̾̈́̀",
  "محمد \u2067علي\u2069 (work) +49 1511",
  "{name} & &amp; %s $x <0>",
  "👩‍👩‍👧‍👦👨🏿‍🚀🏳️‍⚧️🇵🇹🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠🫠",
  "\u200B\u200D\u2060",
  "a\n\n\nb\tc",
];

const TEXTS = [
  "\u202Eyou will not read this from left to right\u202C and now on",
  `https://example.org/${"very/long/path/without/any/room/to/breathe/".repeat(6)}?q=${"x".repeat(160)}`,
  "ﷺ﷽𒐫".repeat(12),
  "Z̷̢̛͔̘̫̺͉͉̈́͋̿͆̚͝a̴̧̺̱̗̳̪͐̿̀̒l̵̢̯̼̤͓̪̋̒̿̓g̶̡̮͚͎̮̐̀̏̔o̷̢̼̝̠͇̘̐̾̈́̀ ".repeat(14),
  "<img src=x onerror=alert(1)><style>*{display:none}</style> &lt;b&gt; <!-- -->",
  `*bold _and ~everything ${"*_~`".repeat(40)}`,
  "𝕱𝖔𝖗𝖊𝖛𝖊𝖗".repeat(30),
  "one\n".repeat(60),
  "שלום (hello) 123 — مرحبا [world] 456 — 你好",
  "",
];

/** The same archive, but nobody in it means well. */
export function makeHostile(archive: Archive): void {
  archive.chats = archive.chats.map((chat, index) => ({
    ...chat,
    name: NAMES[index % NAMES.length] ?? chat.name,
    preview: TEXTS[index % TEXTS.length] ?? "",
    unread: index % 3 === 0 ? 1_234_567 : chat.unread,
  }));
  for (const [id, said] of archive.messages) archive.messages.set(id, said.map(spoil));
}

/** Accounts that are called so, on servers that are. */
export function hostileAccount(account: Account, index: number): Account {
  return {
    ...account,
    display_name: NAMES[(index + 1) % NAMES.length] ?? "",
    server: `https://${"a-very-long-name.".repeat(9)}example.org/`,
    messages: 1_234_567_890,
  };
}

function spoil(message: Message, index: number): Message {
  const name = NAMES[index % NAMES.length] ?? "";
  const text = message.text === "" ? "" : (TEXTS[(index * 7) % TEXTS.length] ?? "");
  return {
    ...message,
    text,
    sender: message.sender === null ? null : { ...message.sender, name },
    quote: message.quote === null ? null : { ...message.quote, preview: text, sender_name: name },
    media: message.media === null ? null : { ...message.media, file_name: `${name}.pdf.exe` },
    reactions: message.reactions.map((each) => ({ ...each, sender_name: name })),
  };
}

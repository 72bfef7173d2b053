// `?page=components` with the played core: every part of the window in every state, on one page, to be looked at
// after a change of the tokens. What needs a pointer or a key to be seen is forced by `data-forced`.
import { Popover } from "@base-ui/react/popover";
import { RadioGroup } from "@base-ui/react/radio-group";
import { type ReactNode, useState } from "react";
import { KNOWN_CODES } from "../app/errors";
import { LOOKS } from "../app/look";
import type { Media, Message } from "../bindings";
import { ListSkeleton } from "../conversations/empty-list";
import { Avatar } from "../parts/avatar";
import { Choice } from "../parts/choice";
import { Confirm } from "../parts/confirm";
import { ErrorNote } from "../parts/error-note";
import { ICONS, Icon, type IconName } from "../parts/icon";
import { Popup } from "../parts/popup";
import { DayRow, MessageRow, NewRow } from "../reader/message-row";
import { Chip } from "../search/chip";
import { Appearance } from "../settings/appearance";
import { Toggle } from "../settings/toggle";
import { messageOf } from "./message";

const COLOURS = [
  "bg surface raised sunken line line-strong idle",
  "ink ink-2 ink-3",
  "accent accent-ink accent-soft accent-line bubble-in bubble-out mark",
  "good warn warn-soft bad bad-soft",
  "p1 p2 p3 p4 p5 p6",
];

const SIZES = ["text-xs", "text-sm", "text-md", "text-lg", "text-xl"];

const SPACES = ["space-1", "space-2", "space-3", "space-4", "space-5", "space-6"];

export function Components() {
  return (
    <main className="h-full overflow-y-auto" data-testid="components">
      <div className="mx-auto flex max-w-[1240px] flex-col gap-4.5 p-6">
        <h1>Components</h1>
        <Section title={`The look: ${Object.keys(LOOKS).join(", ")}`}>
          <Appearance />
        </Section>
        <Section title="Colours">
          {COLOURS.map((row) => (
            <Line key={row}>
              {row.split(" ").map((name) => (
                <span key={name} className="flex w-24 flex-col gap-1 text-xs text-ink-2">
                  <span
                    className="h-9 rounded-[8px] border border-line"
                    style={{ background: `var(--${name})` }}
                  />
                  {name}
                </span>
              ))}
            </Line>
          ))}
        </Section>
        <Section title="Type and space">
          {SIZES.map((size) => (
            <p key={size} style={{ fontSize: `var(--${size})` }}>
              {size}: The quick brown fox, 0123456789, Ärger, ação, العربية, 田中, עברית 👍
            </p>
          ))}
          <p className="font-mono text-sm">mono: /home/kim/.local/share/threadkeep</p>
          <Line>
            {SPACES.map((space) => (
              <span key={space} className="flex flex-col gap-1 text-xs text-ink-2">
                <span className="h-3 bg-accent" style={{ width: `var(--${space})` }} />
                {space}
              </span>
            ))}
          </Line>
        </Section>
        <Buttons />
        <Fields />
        <Section title="Notes">
          {["cancelled", "unreachable", "mirror_damaged"].map((code) => (
            <ErrorNote
              key={code}
              fault={{ code, message: "what the core says of it stands here, with the address or the file" }}
              onRetry={nothing}
              onConnect={nothing}
            />
          ))}
          <p className="text-sm text-ink-2">{KNOWN_CODES.length} codes have words of their own.</p>
        </Section>
        <Section title="Icons and avatars">
          <Line>
            {ICONS.map((name: IconName) => (
              <span key={name} className="flex w-16 flex-col items-center gap-1 text-xs text-ink-2">
                <Icon name={name} />
                {name}
              </span>
            ))}
          </Line>
          <Line>
            {["Ana Souza", "Mum", "田中 健", "🏠 Flat", "...", "Élodie", "Dmitri"].map((name) => (
              <Avatar key={name} name={name} seed={name} />
            ))}
            <Avatar name="Kim" seed="kim" size={24} />
            <Avatar name="Kim" seed="kim" size={64} />
          </Line>
        </Section>
        <Section title="Progress">
          <div className="bar-track">
            <div className="bar-fill" style={{ width: "40%" }} />
          </div>
          <div className="bar-track">
            <div className="bar-fill full" style={{ width: "100%" }} />
          </div>
          <div className="bar-track">
            <div className="bar-fill unknown" />
          </div>
          <div className="w-80">
            <ListSkeleton />
          </div>
        </Section>
        <Messages />
      </div>
    </main>
  );
}

function Buttons() {
  return (
    <Section title="Buttons and links">
      {["", "primary", "danger", "small", "large"].map((kind) => (
        <Line key={kind}>
          <button type="button" className={`btn ${kind}`}>
            Usual {kind}
          </button>
          <button type="button" className={`btn ${kind}`} data-forced="focus">
            Focus
          </button>
          <button type="button" className={`btn ${kind}`} disabled>
            Disabled
          </button>
        </Line>
      ))}
      <Line>
        <button type="button" className="link">
          A link
        </button>
        <button type="button" className="link" data-forced="focus">
          Focus
        </button>
        <Confirm
          trigger={
            <button type="button" className="btn">
              A question
            </button>
          }
          title="Remove it?"
          action="Remove it"
          onConfirm={nothing}
        >
          What happens then.
        </Confirm>
        <Popover.Root>
          <Popover.Trigger className="btn">A popover</Popover.Trigger>
          <Popup title="Its title">What it says.</Popup>
        </Popover.Root>
        <kbd>Ctrl</kbd>
        <kbd>K</kbd>
      </Line>
    </Section>
  );
}

function Fields() {
  const [on, setOn] = useState(true);
  return (
    <Section title="Fields and choices">
      <Line>
        <input className="input w-60!" placeholder="Empty" aria-label="Empty" />
        <input className="input w-60!" defaultValue="Filled" aria-label="Filled" />
        <input className="input w-60!" defaultValue="Wrong" aria-label="Wrong" aria-invalid />
        <input className="input w-60!" defaultValue="Disabled" aria-label="Disabled" disabled />
        <select className="select" aria-label="Select">
          <option>One of many</option>
        </select>
        <label className="flex items-center gap-2">
          <input type="checkbox" defaultChecked /> Checked
        </label>
        <label className="flex items-center gap-2">
          <input type="checkbox" disabled /> Disabled
        </label>
      </Line>
      <RadioGroup defaultValue="a" aria-label="Choice" className="flex flex-wrap gap-6">
        <Choice value="a" name="Chosen" about="What it means." />
        <Choice value="b" name="Not chosen" about="What it means." />
      </RadioGroup>
      <Toggle name="A toggle" about="What it does." checked={on} onChange={setOn} />
      <Toggle name="A toggle that is off" about="What it does." checked={false} onChange={nothing} disabled />
      <Line>
        <Chip idle="Anyone" said="" label="From whom" testId="idle" onClear={nothing}>
          {() => "Choices"}
        </Chip>
        <Chip idle="Anyone" said="From: Ana" label="From whom" testId="said" onClear={nothing}>
          {() => "Choices"}
        </Chip>
      </Line>
    </Section>
  );
}

function Messages() {
  const me = { from_me: true, sender: null };
  const text = "Saturday works. I will be there from nine.";
  const media: Media = {
    id: "1",
    state: "on_server",
    error: null,
    media_type: "image",
    mime_type: "image/jpeg",
    file_name: "garden.jpg",
    bytes: 482_113,
    width: 400,
    height: 240,
    seconds: null,
    thumbnail: null,
    on_server: true,
  };
  const reaction = { emoji: "👍", sender: "a", sender_name: "Ana" };
  const quote = {
    external_id: "Q",
    id: null,
    missing: true,
    sender: null,
    sender_name: "Ana",
    preview: "the landlord wants an answer by friday",
    mentions: [],
  };
  const kinds: Partial<Message>[] = [
    { text },
    { text, ...me, status: "pending" },
    { text, ...me, status: "sent" },
    { text, ...me, status: "delivered" },
    { text, ...me, status: "read" },
    { text, ...me, status: "failed" },
    { text, forwarded: true, starred: true },
    { text, edited: true },
    { text: "", deleted: true },
    { text, quote },
    { text, ...me, quote, status: "read" },
    { text, reactions: [reaction, { ...reaction, sender: "b" }, { ...reaction, emoji: "❤️" }] },
    { text: "👍🎉" },
    { text: "the garden", kind: "image", media },
    { text: "", kind: "voice", media: { ...media, media_type: "voice", seconds: 84 } },
    { text: "", kind: "document", media: { ...media, media_type: "document", file_name: "contract.pdf" } },
    { text: "", kind: "unknown" },
    { text: "Ana created this group", kind: "system", sender: null },
    { text: "", kind: "call", sender: null },
    { text: "שלום, נדבר מחר בבוקר?" },
    {
      text,
      ...me,
      status: "read",
      kind: "location",
      place: { latitude: 38.7, longitude: -9.1, name: "Miradouro", address: "Lisboa" },
    },
    {
      text: "Which evening?",
      kind: "poll",
      poll: { options: ["Thursday", "Friday"], votes: [3, 1], several: false },
    },
    { text: "", kind: "contact", cards: [{ name: "Porter", phone: "+351 21 555 0100" }] },
  ];
  return (
    <Section title="Messages">
      <div className="rounded-[12px] bg-bg p-4">
        <DayRow at={Date.now()} now={Date.now()} onDay={nothing} />
        {kinds.map((more, index) => (
          <MessageRow
            // biome-ignore lint/suspicious/noArrayIndexKey: they never move
            key={index}
            message={messageOf(String(index), { at: Date.now(), ...more })}
            first
            isGroup
            marked={false}
            onJump={nothing}
            onDetails={nothing}
          />
        ))}
        <NewRow count={5} />
      </div>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="flex flex-col gap-3">{children}</div>
    </section>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>;
}

function nothing(): void {}

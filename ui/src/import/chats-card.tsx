import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { ImportChat, ImportPreview } from "../bindings";
import { formatPhone } from "../contacts/phone";
import { Avatar } from "../parts/avatar";
import { period } from "./content-card";

/** As many as one takes in at a glance. */
const SHOWN = 8;

/** The chats of the files, and which of them are here already. */
export function ChatsCard({ preview }: { preview: ImportPreview }) {
  const [all, setAll] = useState(false);
  const shown = all ? preview.chats : preview.chats.slice(0, SHOWN);
  const more = preview.chats.length - shown.length;
  const unnamed = preview.chats_total - preview.chats.length;
  return (
    <section className="card" aria-label={t`Chats`} data-testid="import-chats">
      <header>
        <h2>
          <Trans>Chats</Trans>
        </h2>
      </header>
      <ul className="flex flex-col gap-3">
        {shown.map((chat) => (
          <ChatRow key={`${chat.address} ${chat.name}`} chat={chat} />
        ))}
      </ul>
      {more > 0 && (
        <button
          type="button"
          data-testid="import-all-chats"
          className="link mt-3 min-h-6 text-sm"
          onClick={() => setAll(true)}
        >
          <Plural value={more} one="Show # more" other="Show # more" />
        </button>
      )}
      {all && unnamed > 0 && (
        <p className="mt-3 text-sm text-ink-2">
          <Plural value={unnamed} one="And # more chat." other="And # more chats." />
        </p>
      )}
    </section>
  );
}

/** A phone's address as its number; any other as it is. */
function spoken(address: string): string {
  const [user = "", server] = address.split("@");
  return server === "s.whatsapp.net" ? formatPhone(`+${user}`) : address;
}

function ChatRow({ chat }: { chat: ImportChat }) {
  const name = chat.name || spoken(chat.address) || t`A chat without a name`;
  const many = plural(chat.messages, { one: "# message", other: "# messages" });
  const when = chat.first_at !== null && chat.last_at !== null ? period(chat.first_at, chat.last_at) : "";
  return (
    <li className="flex items-center gap-3 text-sm" data-testid="import-chat">
      <Avatar seed={chat.address || name} name={name} size={36} />
      <div className="min-w-0 flex-1">
        <bdi className="block truncate font-semibold" title={name}>
          {name}
        </bdi>
        <span className="block text-ink-2">{[many, when].filter(Boolean).join(" · ")}</span>
      </div>
      {chat.joins === null ? (
        <span className="flex-none rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-semibold text-accent">
          <Trans>new</Trans>
        </span>
      ) : (
        <span className="line-clamp-2 max-w-[45%] flex-none text-end text-xs text-ink-2">
          {chat.joins.name === name ? (
            <Trans>joins the chat here</Trans>
          ) : (
            <Trans>
              joins <bdi className="wrap-anywhere">{chat.joins.name}</bdi>
            </Trans>
          )}
        </span>
      )}
    </li>
  );
}

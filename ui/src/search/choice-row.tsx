import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { ComponentProps } from "react";
import { formatRowTime } from "../app/format";
import type { Chat, Person, SearchHit } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Icon } from "../parts/icon";
import { kindName } from "../parts/kinds";
import { Marked } from "../parts/marked";
import { shownName } from "../parts/shown-name";
import { useNow } from "../parts/use-now";
import type { Choice } from "./quick";
import { snippet } from "./snippet";

/** One place to go to. */
export function ChoiceRow({ choice, option }: { choice: Choice; option: ComponentProps<"div"> }) {
  return (
    <div {...option} data-testid={`choice-${choice.type}`} className="choice px-2.5! py-1.5!">
      <Inside choice={choice} />
    </div>
  );
}

function Inside({ choice }: { choice: Choice }) {
  switch (choice.type) {
    case "chat":
      return <ChatInside chat={choice.chat} />;
    case "person":
      return <PersonInside person={choice.person} />;
    case "message":
      return <MessageInside hit={choice.hit} />;
    default:
      return (
        <>
          <span className="grid size-7 flex-none place-items-center">
            <Icon name="search" className="size-4.5!" />
          </span>
          <span className="min-w-0 truncate">
            <Trans>
              Search all messages for “<bdi>{choice.text}</bdi>”
            </Trans>
          </span>
        </>
      );
  }
}

function ChatInside({ chat }: { chat: Chat }) {
  return (
    <>
      <Avatar name={chat.name} seed={chat.jid} size={28} />
      <bdi className="min-w-0 truncate font-[550]">{shownName(chat.name)}</bdi>
      {chat.unread > 0 && (
        <span className="ms-auto flex-none text-sm text-accent">
          <Plural value={chat.unread} one="# unread" other="# unread" />
        </span>
      )}
    </>
  );
}

function PersonInside({ person }: { person: Person }) {
  const about = [
    person.phone !== null && person.phone !== person.name ? person.phone : "",
    person.chat_id === null ? t`no chat with them` : "",
  ].filter((words) => words !== "");
  return (
    <>
      <Avatar name={person.name} seed={person.jid} size={28} />
      <span className="min-w-0 truncate">
        <bdi className="font-[550]">{shownName(person.name)}</bdi>
        {about.length > 0 && <bdi className="text-sm text-ink-2"> · {about.join(" · ")}</bdi>}
      </span>
    </>
  );
}

function MessageInside({ hit }: { hit: SearchHit }) {
  const now = useNow();
  const shown = hit.file === null ? snippet(hit.text, hit.mentions) : snippet(hit.file);
  const who = hit.from_me ? t`You` : hit.sender?.name;
  return (
    <>
      <Avatar name={hit.chat_name} seed={hit.chat_jid} size={28} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate text-sm text-ink-2">
            <bdi>{hit.chat_name}</bdi>
            {who !== undefined && who !== hit.chat_name && (
              <>
                {" · "}
                <bdi>{who}</bdi>
              </>
            )}
          </span>
          <time className="ms-auto flex-none text-xs text-ink-2">{formatRowTime(hit.at, now)}</time>
        </span>
        <span dir="auto" className="snippet block truncate">
          {shown.text.trim() === "" ? (
            (kindName(hit.kind)?.words ?? t`A message without words`)
          ) : (
            <Marked text={shown.text} marks={shown.marks} />
          )}
        </span>
      </span>
    </>
  );
}

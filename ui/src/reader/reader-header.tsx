import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { formatDate } from "../app/format";
import { sinceQuery } from "../app/queries";
import type { Chat } from "../bindings";
import { setDetails, useDetails } from "../details/open";
import { askExport } from "../export/store";
import { Avatar } from "../parts/avatar";
import { Icon } from "../parts/icon";
import { shownName } from "../parts/shown-name";
import type { OnDay } from "./chat-calendar";

/** Who this chat is with, and how much of it is here. */
export function ReaderHeader({
  chat,
  fromHits,
  searching,
  onSearch,
  onDay,
}: {
  chat: Chat;
  fromHits: boolean;
  searching: boolean;
  onSearch: () => void;
  onDay: OnDay;
}) {
  const since = useQuery(sinceQuery(chat.id));
  const { history } = useRouter();
  const details = useDetails().open;
  return (
    <header className="flex h-14.5 flex-none items-center gap-3 border-b border-line bg-surface px-5 narrow:px-2">
      {fromHits ? (
        <button
          type="button"
          data-testid="back-to-hits"
          aria-label={t`Back to the hits`}
          title={t`Back to the hits (Esc)`}
          className="-ms-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
          onClick={() => history.back()}
        >
          <Icon name="back" />
        </button>
      ) : (
        <Link
          to="/chats"
          aria-label={t`Back to the chats`}
          className="hidden size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink narrow:grid"
        >
          <Icon name="back" />
        </Link>
      )}
      {/* Where there is little room it is the name's; a day's own mark leads to any other. */}
      <span className="narrow:hidden">
        <Avatar name={chat.name} seed={chat.jid} size={34} />
      </span>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-md leading-tight font-semibold tracking-normal">
          <bdi>{shownName(chat.name)}</bdi>
        </h1>
        <p className="truncate text-sm text-ink-2">{about(chat, since.data ?? null)}</p>
      </div>
      {chat.messages > 0 && (
        <button
          type="button"
          data-testid="jump-to-date"
          aria-label={t`To a day`}
          aria-haspopup="dialog"
          title={t`To a day`}
          className="-me-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink narrow:hidden"
          onClick={(event) => onDay(null, event.currentTarget)}
        >
          <Icon name="calendar" />
        </button>
      )}
      <button
        type="button"
        data-testid="export-chat"
        aria-label={t`Export this chat`}
        title={t`Export this chat`}
        className="-me-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
        onClick={() => askExport({ id: chat.id, name: chat.name })}
      >
        <Icon name="export" />
      </button>
      <button
        type="button"
        data-testid="chat-search-open"
        aria-label={t`Search in this chat`}
        aria-expanded={searching}
        title={t`Search in this chat (Ctrl+Shift+F)`}
        className="-me-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink narrow:me-0 aria-expanded:text-accent"
        onClick={onSearch}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        data-testid="details-open"
        aria-label={t`Details of this chat`}
        aria-expanded={details}
        title={t`Details: participants, media, links, documents`}
        className="-me-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink narrow:me-0 aria-expanded:text-accent"
        onClick={() => setDetails({ open: !details })}
      >
        <Icon name="info" />
      </button>
    </header>
  );
}

function held(messages: number, since: number | null): string {
  if (since === null) return plural(messages, { one: "# message", other: "# messages" });
  const day = formatDate(since);
  return plural(messages, { one: `# message since ${day}`, other: `# messages since ${day}` });
}

function about(chat: Chat, since: number | null): string {
  const parts: string[] = [];
  if (chat.kind === "broadcast") parts.push(t`Broadcast list`);
  if (chat.kind === "channel") parts.push(t`Channel`);
  if (chat.participants > 0) parts.push(plural(chat.participants, { one: "# person", other: "# people" }));
  else if (chat.kind === "group") parts.push(t`Group`);
  parts.push(held(chat.messages, since));
  return parts.join(" · ");
}

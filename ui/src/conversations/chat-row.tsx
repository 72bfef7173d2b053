import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { memo } from "react";
import { formatCount, formatMoment, formatRowTime } from "../app/format";
import type { Account, Chat } from "../bindings";
import { accountName } from "../parts/account-names";
import { Avatar } from "../parts/avatar";
import { Icon, type IconName } from "../parts/icon";
import { shownName } from "../parts/shown-name";
import { LastLine, spokenLine } from "./last-line";

type RowProps = {
  chat: Chat;
  /** Where there are several: which one it belongs to. */
  account: Account | undefined;
  index: number;
  count: number;
  selected: boolean;
  active: boolean;
  now: number;
  onOpen: (chat: Chat) => void;
};

export const ChatRow = memo(
  Row,
  (a, b) =>
    a.chat === b.chat &&
    a.account === b.account &&
    a.index === b.index &&
    a.count === b.count &&
    a.selected === b.selected &&
    a.active === b.active &&
    a.now === b.now,
);

function Row({ chat, account, index, count, selected, active, now, onOpen }: RowProps) {
  const at = chat.last_message_at;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox above handles the keys for all its options
    <div
      id={rowId(chat)}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-testid="chat-row"
      data-chat-id={chat.id}
      data-chat-jid={chat.jid}
      data-active={active || undefined}
      className="chat-row"
      onClick={() => onOpen(chat)}
    >
      {/* Who hears it hears all of it in the order in which it is understood. */}
      <span className="sr-only">{spokenRow(chat, account, now)}</span>
      <span className="relative" aria-hidden="true">
        <Avatar name={chat.name} seed={chat.jid} />
        {account !== undefined && <Badge account={account} />}
      </span>
      <span className="min-w-0" aria-hidden="true">
        <span dir="auto" className="snippet block truncate font-semibold" data-testid="chat-name">
          {shownName(chat.name)}
        </span>
        <span className="snippet block truncate text-sm text-ink-2" dir="auto">
          <LastLine chat={chat} />
        </span>
      </span>
      <span aria-hidden="true" className="flex h-full flex-col items-end justify-center gap-1 py-2">
        <time className="text-xs text-ink-2" title={at === null ? undefined : formatMoment(at)}>
          {at === null ? "" : formatRowTime(at, now)}
        </time>
        <span className="flex h-5 items-center gap-1 text-ink-2">
          {chat.muted && <Mark icon="muted" words={t`Muted`} />}
          {chat.pinned && <Mark icon="pin" words={t`Pinned`} />}
          {chat.unread > 0 && (
            <span className={`unread-count ${chat.muted ? "quiet" : ""}`} data-testid="unread-count">
              {countOf(chat)}
            </span>
          )}
        </span>
      </span>
    </div>
  );
}

export function rowId(chat: Chat): string {
  return `chat-${chat.id}`;
}

function countOf({ unread }: Chat): string {
  return unread > 999 ? `${formatCount(999)}+` : formatCount(unread);
}

/** All that a row shows, for those who hear it. */
export function spokenRow(chat: Chat, account: Account | undefined, now: number): string {
  const at = chat.last_message_at;
  const line = spokenLine(chat);
  const parts = [
    shownName(chat.name),
    chat.unread > 0 ? plural(chat.unread, { one: "# unread", other: "# unread" }) : null,
    line === null ? null : t`last message ${line}`,
    at === null ? null : formatRowTime(at, now),
    chat.pinned ? t`Pinned` : null,
    chat.muted ? t`Muted` : null,
    chat.archived ? t`Archived` : null,
    account === undefined ? null : accountName(account),
  ];
  const said = parts.filter((part) => part !== null);
  return new Intl.ListFormat(i18n.locale, { type: "unit" }).format(said);
}

/** Which account a chat belongs to, on its picture. */
function Badge({ account }: { account: Account }) {
  const name = accountName(account);
  return (
    <span className="account-badge" data-testid="account-badge" title={name} data-account={account.id}>
      {[...name][0]?.toLocaleUpperCase()}
    </span>
  );
}

function Mark({ icon, words }: { icon: IconName; words: string }) {
  return (
    <span title={words} data-testid={`mark-${icon}`}>
      <Icon name={icon} className="size-3.75!" />
    </span>
  );
}

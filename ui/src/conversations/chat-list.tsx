import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { formatCount, formatMoment, formatRowTime } from "../app/format";
import { useRowHeight } from "../app/look";
import type { Chat } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Icon, type IconName } from "../parts/icon";
import { useNow } from "../parts/use-now";

/** Rows from the end at which the next page is asked for: before anyone can see that it is missing. */
const AHEAD = 60;

/** Ten thousand chats, of which the few on the screen exist. Arrow keys move, Enter opens. */
export function ChatList({
  chats,
  openId,
  onEnd,
}: {
  chats: readonly Chat[];
  openId: string | undefined;
  onEnd: () => void;
}) {
  const list = useRef<VListHandle>(null);
  const rowHeight = useRowHeight();
  const navigate = useNavigate();
  const now = useNow();
  const [activeId, setActiveId] = useState<string | undefined>(openId);
  const place = chats.findIndex((chat) => chat.id === activeId);
  const active = place === -1 ? 0 : place;

  const chatsNow = useRef(chats);
  chatsNow.current = chats;

  // The open chat is where the keys go on from, and it is in view when it was opened from elsewhere.
  useEffect(() => {
    if (openId === undefined) return;
    setActiveId(openId);
    const index = chatsNow.current.findIndex((chat) => chat.id === openId);
    if (index >= 0) list.current?.scrollToIndex(index, { align: "nearest" });
  }, [openId]);
  const open = (chat: Chat | undefined) => {
    if (chat !== undefined) void navigate({ to: "/chats/$chatId", params: { chatId: chat.id } });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((list.current?.viewportSize ?? 0) / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -chats.length,
      End: chats.length,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(chats.length - 1, Math.max(0, active + step));
      setActiveId(chats[next]?.id);
      list.current?.scrollToIndex(next, { align: "nearest" });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(chats[active]);
    }
  };

  const onScroll = () => {
    const handle = list.current;
    if (handle === null) return;
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    if (last >= chats.length - AHEAD) onEnd();
  };

  // A first page that does not fill the screen has to ask for more without being scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the number of rows changes
  useEffect(onScroll, [chats.length]);

  return (
    <VList
      ref={list}
      role="listbox"
      aria-label={t`Chats`}
      aria-activedescendant={chats[active] === undefined ? undefined : rowId(chats[active])}
      tabIndex={0}
      data-testid="chat-list"
      data-pane-focus=""
      className="group/list h-full pb-2 focus-visible:outline-none"
      itemSize={rowHeight}
      bufferSize={400}
      keepMounted={[active]}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
      data={chats}
    >
      {(chat, index) => (
        <ChatRow
          key={chat.id}
          chat={chat}
          index={index}
          count={chats.length}
          selected={chat.id === openId}
          active={index === active}
          now={now}
          onOpen={open}
        />
      )}
    </VList>
  );
}

type RowProps = {
  chat: Chat;
  index: number;
  count: number;
  selected: boolean;
  active: boolean;
  now: number;
  onOpen: (chat: Chat) => void;
};

const ChatRow = memo(Row, (a, b) => {
  return (
    a.chat === b.chat &&
    a.index === b.index &&
    a.count === b.count &&
    a.selected === b.selected &&
    a.active === b.active &&
    a.now === b.now
  );
});

function Row({ chat, index, count, selected, active, now, onOpen }: RowProps) {
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
      data-chat-jid={chat.jid}
      data-active={active || undefined}
      className="mx-1.5 grid h-(--row) grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 rounded-[10px] px-3.5 hover:bg-sunken aria-selected:bg-accent-soft group-focus-visible/list:data-active:outline-2 group-focus-visible/list:data-active:-outline-offset-2 group-focus-visible/list:data-active:outline-accent"
      onClick={() => onOpen(chat)}
    >
      <Avatar name={chat.name} seed={chat.jid} />
      <span className="min-w-0">
        <span dir="auto" className="snippet block truncate font-semibold">
          {chat.name}
        </span>
        <span dir="auto" className="snippet block truncate text-sm text-ink-2">
          {chat.preview === "" ? "\u00a0" : chat.preview}
        </span>
      </span>
      <span className="flex h-full flex-col items-end justify-center gap-1 py-2">
        <time className="text-xs text-ink-2" title={at === null ? undefined : formatMoment(at)}>
          {at === null ? "" : formatRowTime(at, now)}
        </time>
        <span className="flex h-5 items-center gap-1 text-ink-2">
          {chat.muted && <Mark icon="muted" words={t`Muted`} />}
          {chat.pinned && <Mark icon="pin" words={t`Pinned`} />}
          {chat.archived && <Mark icon="archive" words={t`Archived`} />}
          {chat.unread > 0 && (
            <span
              className={`grid h-[19px] min-w-[19px] place-items-center rounded-full px-1.5 text-xs leading-none font-semibold ${
                chat.muted ? "bg-idle text-ink" : "bg-accent text-accent-ink"
              }`}
            >
              <span>
                {chat.unread > 999 ? `${formatCount(999)}+` : formatCount(chat.unread)}{" "}
                <span className="sr-only">
                  <Trans>unread</Trans>
                </span>
              </span>
            </span>
          )}
        </span>
      </span>
    </div>
  );
}

function rowId(chat: Chat): string {
  return `chat-${chat.id}`;
}

function Mark({ icon, words }: { icon: IconName; words: string }) {
  return (
    <span title={words}>
      <Icon name={icon} className="size-3.75!" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

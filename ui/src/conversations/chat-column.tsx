import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { toAppError } from "../app/call";
import { formatCount } from "../app/format";
import { chatsQuery, statsQuery } from "../app/queries";
import type { Chat, ChatFilter } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { ChatList } from "./chat-list";
import { EmptyList, ListSkeleton } from "./empty-list";
import { StatusLine } from "./status-line";

const FILTERS: readonly { value: ChatFilter | null; name: MessageDescriptor }[] = [
  { value: null, name: msg`All` },
  { value: "unread", name: msg`Unread` },
  { value: "groups", name: msg`Groups` },
  { value: "archived", name: msg`Archived` },
];

/** The column with the list: what to show above, the chats, and how the sync stands below. */
export function ChatColumn({
  openId,
  onChats,
}: {
  openId: string | undefined;
  onChats: (chats: readonly Chat[]) => void;
}) {
  const [filter, setFilter] = useState<ChatFilter | null>(null);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const list = useInfiniteQuery(chatsQuery({ filter, text: asked }));
  const stats = useQuery(statsQuery);
  const chats = useMemo(() => list.data?.pages.flatMap((page) => page.chats) ?? [], [list.data]);
  useEffect(() => onChats(chats), [chats, onChats]);

  const whole = filter === null && asked === "";
  const count = list.hasNextPage ? (whole ? stats.data?.conversations : undefined) : chats.length;

  return (
    <section
      aria-label={t`Chats`}
      className="flex h-full min-h-0 flex-col border-e border-line bg-surface narrow:border-e-0"
    >
      <header className="flex items-baseline justify-between px-4 pt-4 pb-2.5">
        <h1>
          <Trans>Chats</Trans>
        </h1>
        <span className="text-sm text-ink-2">
          {count !== undefined && list.data !== undefined ? formatCount(count) : ""}
        </span>
      </header>
      <div className="relative mx-3 mb-2.5">
        <Icon name="search" className="absolute top-2.5 start-2.5 size-3.75! text-ink-3 [stroke-width:2]" />
        <input
          type="search"
          data-testid="chat-filter"
          aria-label={t`Filter chats`}
          placeholder={t`Filter chats`}
          autoComplete="off"
          spellCheck={false}
          className="h-8.5 w-full rounded-[9px] border border-transparent bg-sunken pe-2.5 ps-8.5 text-sm placeholder:text-ink-2 focus-visible:border-accent focus-visible:outline-none"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text !== "") {
              event.preventDefault();
              event.stopPropagation();
              setText("");
            } else if (event.key === "ArrowDown") {
              event.preventDefault();
              document.querySelector<HTMLElement>("[data-testid=chat-list]")?.focus();
            }
          }}
        />
      </div>
      <div role="toolbar" aria-label={t`Which chats`} className="flex flex-wrap gap-1.5 px-3 pb-2">
        {FILTERS.map(({ value, name }) => (
          <button
            key={value}
            type="button"
            aria-pressed={filter === value}
            className="inline-flex h-6.5 items-center rounded-full border border-line bg-surface px-2.5 text-sm text-ink-2 hover:border-line-strong hover:text-ink aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-[550] aria-pressed:text-accent"
            onClick={() => setFilter(value)}
          >
            {i18n._(name)}
          </button>
        ))}
      </div>
      {list.isError && (
        <div className="px-3 pb-2">
          <ErrorNote fault={toAppError(list.error)} onRetry={() => void list.refetch()} />
        </div>
      )}
      <div className="min-h-0 flex-1">
        {list.data === undefined ? (
          !list.isError && <ListSkeleton />
        ) : chats.length === 0 ? (
          <EmptyList
            filter={filter}
            text={asked}
            onClear={() => {
              setFilter(null);
              setText("");
            }}
          />
        ) : (
          <ChatList
            key={`${filter}`}
            chats={chats}
            openId={openId}
            onEnd={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
            }}
          />
        )}
      </div>
      <StatusLine stats={stats.data} />
    </section>
  );
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { toAppError } from "../app/call";
import { ListEdge } from "../app/columns";
import { formatCount } from "../app/format";
import { useKept } from "../app/kept";
import { appStateQuery, type ChatListKey, chatsQuery, statsQuery } from "../app/queries";
import type { Chat, ChatFilter } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { NameFilter } from "../parts/name-filter";
import { useNarrow } from "../parts/use-narrow";
import { ChatFilters } from "./chat-filters";
import { ChatList } from "./chat-list";
import { EmptyList, ListSkeleton } from "./empty-list";
import { filters } from "./filters";
import { StatusLine } from "./status-line";
import { useHold, useSteady } from "./steady";
import { useChoose } from "./use-choose";

/** The column with the list: what to show above, the chats, and how the sync stands below. */
export function ChatColumn({
  openId,
  onChats,
}: {
  openId: string | undefined;
  onChats: (chats: readonly Chat[]) => void;
}) {
  // Where the columns take turns, it is all that there is when it is seen.
  const isNarrow = useNarrow();
  const chosen = useKept(filters);
  const [inArchive, setInArchive] = useState(false);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const accounts = useQuery(appStateQuery).data?.accounts ?? [];
  // An account that was removed is not asked for, though it was remembered.
  const account = accounts.some(({ id }) => id === chosen.account) ? chosen.account : null;
  const filter: ChatFilter | null = inArchive ? "archived" : chosen.filter;
  // By name a chat is found wherever it was put.
  const key: ChatListKey = { filter: filter === null && asked !== "" ? "all" : filter, text: asked, account };
  const list = useInfiniteQuery(chatsQuery(key));
  const stats = useQuery(statsQuery);
  const choose = useChoose();
  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.chats) ?? [], [list.data]);
  const { held, hold, letGo } = useHold();
  const chats = useSteady(loaded, list.isPlaceholderData ? "" : JSON.stringify(key), held);
  useEffect(() => onChats(chats), [chats, onChats]);

  const whole = filter === null && asked === "" && account === null;
  const archived = list.data?.pages[0]?.archived ?? 0;
  const count = list.hasNextPage
    ? whole && stats.data !== undefined
      ? stats.data.conversations - archived
      : undefined
    : chats.length;

  return (
    <section
      role={isNarrow ? "main" : undefined}
      aria-label={t`Chats`}
      className="relative flex h-full min-h-0 flex-col border-e border-line bg-surface narrow:border-e-0"
    >
      <header className="flex min-h-13.5 items-end justify-between gap-2 px-4 pb-2.5">
        {inArchive && (
          <button
            type="button"
            data-testid="archive-leave"
            aria-label={t`Back to all chats`}
            className="-ms-2.5 -mb-1 grid size-9 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
            onClick={() => setInArchive(false)}
          >
            <Icon name="back" className="rtl:-scale-x-100" />
          </button>
        )}
        <h1 className="flex-1">{inArchive ? <Trans>Archived</Trans> : <Trans>Chats</Trans>}</h1>
        <span className="text-sm text-ink-2">
          {count !== undefined && list.data !== undefined ? formatCount(count) : ""}
        </span>
      </header>
      <NameFilter
        value={text}
        name={t`Filter chats`}
        testId="chat-filter"
        listId="chat-list"
        onChange={setText}
      />
      {!inArchive && (
        <ChatFilters chosen={{ ...chosen, account }} accounts={accounts} onChoose={filters.write} />
      )}
      {!inArchive && chosen.filter === null && asked === "" && archived > 0 && (
        <button
          type="button"
          data-testid="archive-open"
          className="mx-1.5 mb-1 flex min-h-9.5 flex-none items-center gap-3 rounded-[10px] px-3.5 text-sm text-ink-2 -outline-offset-2 hover:bg-sunken hover:text-ink"
          onClick={() => setInArchive(true)}
        >
          <span className="grid w-11 place-items-center">
            <Icon name="archive" className="size-4.5!" />
          </span>
          <span className="flex-1 text-start">
            <Trans>Archived</Trans>
          </span>
          <span>{formatCount(archived)}</span>
        </button>
      )}
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
            filter={filter ?? (account === null ? null : "all")}
            text={asked}
            onClear={() => {
              setInArchive(false);
              filters.write({ filter: null, account: null });
              setText("");
            }}
          />
        ) : (
          <ChatList
            key={`${filter} ${account}`}
            chats={chats}
            accounts={accounts}
            openId={openId}
            sections={filter === null && asked === ""}
            onEnd={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
            }}
            onAll={async () => {
              let last = chats.at(-1)?.id;
              let more = list.hasNextPage;
              while (more) {
                const { data, hasNextPage } = await list.fetchNextPage();
                last = data?.pages.at(-1)?.chats.at(-1)?.id ?? last;
                more = hasNextPage;
              }
              return last;
            }}
            onHold={hold}
            onLetGo={letGo}
            onChoose={choose}
          />
        )}
      </div>
      <StatusLine stats={stats.data} />
      <ListEdge />
    </section>
  );
}

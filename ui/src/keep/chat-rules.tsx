import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type RefObject, useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { toAppError } from "../app/call";
import type { KeepRule } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { ChatRuleRow, type Named } from "./chat-rule-row";
import { type Draft, isOwn } from "./draft";
import { choosableQuery } from "./queries";

const ROW_HEIGHT = 56;

/** Rows from the end at which the next page is asked for. */
const AHEAD = 100;

/** The chats one by one: which are kept, and which otherwise than all. Ten thousand, of which few exist. */
export function ChatRules({
  accountId,
  draft,
  now,
  scroller,
  onChange,
}: {
  accountId: string;
  draft: Draft;
  now: number;
  scroller: RefObject<HTMLDivElement | null>;
  onChange: (chatId: string, title: string, rule: KeepRule) => void;
}) {
  const [text, setText] = useState("");
  const [onlyOwn, setOnlyOwn] = useState(false);
  const asked = useDeferredValue(text.trim());
  const list = useInfiniteQuery(choosableQuery(accountId, asked));
  const found: readonly Named[] = list.data?.pages.flatMap((page) => page.chats) ?? [];
  const own = [...draft.own].filter(([id]) => isOwn(draft, id));
  const chats = onlyOwn ? ownChats(own, found, asked) : found;
  const rows = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(0);
  // How much stands above the rows in what scrolls: it changes with what is written there.
  useLayoutEffect(() => {
    const [box, first] = [scroller.current, rows.current];
    if (box === null || first === null) return;
    const measured = first.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    if (Math.abs(measured - above) > 0.5) setAbove(measured);
  });

  const handle = useRef<VirtualizerHandle>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const look = () => {
    const shown = handle.current;
    if (shown === null || onlyOwn || !hasNextPage || isFetchingNextPage) return;
    const last = shown.findItemIndex(shown.scrollOffset + shown.viewportSize);
    if (last >= chats.length - AHEAD) void fetchNextPage();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the number of rows changes
  useEffect(look, [chats.length, hasNextPage]);

  return (
    <section aria-label={t`Chat by chat`} className="card mx-auto w-full max-w-[760px]">
      <header className="flex-wrap gap-y-1">
        <h2>
          <Trans>Chat by chat</Trans>
        </h2>
        <span className="text-sm text-ink-2">
          {draft.which === "chosen"
            ? plural(own.length, { one: "# chosen chat", other: "# chosen chats" })
            : own.length === 0
              ? t`All as above`
              : plural(own.length, { one: "# exception", other: "# exceptions" })}
        </span>
      </header>
      <div className="sticky top-0 z-10 -mx-1 flex flex-wrap items-center gap-2 bg-surface px-1 pb-2">
        <div className="relative min-w-0 flex-1 basis-48">
          <Icon name="search" className="absolute top-2.5 start-2.5 size-3.75! text-ink-3 [stroke-width:2]" />
          <input
            type="search"
            data-testid="keep-filter"
            aria-label={t`Find a chat`}
            placeholder={t`Find a chat`}
            autoComplete="off"
            spellCheck={false}
            className="h-8.5 w-full rounded-[9px] border border-transparent bg-sunken pe-2.5 ps-8.5 text-sm placeholder:text-ink-2 focus-visible:border-accent focus-visible:outline-none"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <button
          type="button"
          aria-pressed={onlyOwn}
          data-testid="keep-only-own"
          className="inline-flex h-6.5 items-center rounded-full border border-line bg-surface px-2.5 text-sm text-ink-2 hover:border-line-strong hover:text-ink aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-[550] aria-pressed:text-accent"
          onClick={() => setOnlyOwn(!onlyOwn)}
        >
          {draft.which === "chosen" ? t`Chosen` : t`Exceptions`}
        </button>
      </div>
      {list.isError && <ErrorNote fault={toAppError(list.error)} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && chats.length === 0 && (
        <p data-testid="keep-none" className="py-6 text-center text-sm text-ink-2">
          {asked !== ""
            ? t`No chat here is called “${asked}”.`
            : onlyOwn
              ? t`None so far.`
              : t`There is no chat here yet.`}
        </p>
      )}
      <div ref={rows} data-testid="keep-chats">
        <Virtualizer
          ref={handle}
          as="ul"
          item="li"
          scrollRef={scroller}
          startMargin={above}
          itemSize={ROW_HEIGHT}
          bufferSize={400}
          onScroll={look}
          data={chats}
        >
          {(chat) => <ChatRuleRow key={chat.id} chat={chat} draft={draft} now={now} onChange={onChange} />}
        </Virtualizer>
      </div>
    </section>
  );
}

/** Chats with a rule of their own, whether their page of the list is here or not. */
function ownChats(
  own: readonly [string, { title: string }][],
  found: readonly Named[],
  text: string,
): readonly Named[] {
  const known = new Map(found.map((chat) => [chat.id, chat]));
  const wanted = text.toLocaleLowerCase();
  return own
    .map(([id, { title }]) => known.get(id) ?? { id, name: title, jid: id, messages: null })
    .filter((chat) => chat.name.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name));
}

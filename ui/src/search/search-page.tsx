import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { jumpTo } from "../app/jump";
import { statsQuery } from "../app/queries";
import type { SearchHit } from "../bindings";
import { Filters } from "./filters";
import { type Answer, everywhere, type Found, isCurrent, PAGE } from "./finding";
import { HitList, type HitListHandle } from "./hit-list";
import { hitId } from "./hit-row";
import { HitsByChat } from "./hits-by-chat";
import { Indexing } from "./indexing";
import { NamesAbove, nameId, useNames } from "./names-above";
import { NothingFound, NothingHere, NothingTyped, Searched, Unfinished } from "./nothing";
import { isEmpty, withFilter } from "./query";
import { SearchField } from "./search-field";
import { SearchTrouble } from "./search-trouble";
import { useFound } from "./use-finding";
import { useGo } from "./use-go";

/** While the index is behind, how often it is asked how far. */
const POLL = 1_000;

/** Every message by its words. */
export function SearchPage() {
  const found = useFound(everywhere);
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HitListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const stats = useQuery({
    ...statsQuery,
    refetchInterval: (query) => ((query.state.data?.search_behind ?? 0) > 0 ? POLL : false),
  }).data;
  useFreshHits(found, stats?.messages, stats?.search_behind);

  const empty = isEmpty(found.text);
  const answer = empty || (found.late && !isCurrent(found)) ? null : found.answer;
  const current = answer !== null && isCurrent(found);
  const behind = stats?.search_behind ?? answer?.behind ?? 0;

  const names = useNames(found.text);
  // Where there is no message, the keys begin at the names.
  const active = Math.max(
    answer !== null && answer.hits.length === 0 && found.active >= 0 ? -names.length : found.active,
    -names.length,
  );
  const name = active < 0 ? names[names.length + active] : undefined;
  const activeHit = active < 0 ? undefined : answer?.hits[active];
  const above = useHeight();
  const go = useGo();

  const open = (hit: SearchHit | undefined) => {
    if (hit === undefined || !current) return;
    everywhere.setActive(everywhere.read().answer?.hits.indexOf(hit) ?? 0);
    void navigate({
      to: "/chats/$chatId",
      params: { chatId: hit.chat_id },
      state: { jump: jumpTo(hit, true) },
    });
  };
  const attempt = (text: string) => {
    everywhere.setText(text);
    field.current?.focus();
  };
  const move = (step: number) => {
    if (answer === null) return;
    everywhere.setActive(active + step, names.length);
    const now = everywhere.read().active;
    if (now < 0) scroller.current?.scrollTo(0, 0);
    else list.current?.show(now);
  };
  const lists = { finding: everywhere, active, top: above.height, scroller, handle: list, onOpen: open };

  return (
    <main data-pane="search" className="flex h-full min-h-0 flex-col bg-bg">
      <h1 className="sr-only">
        <Trans>Search</Trans>
      </h1>
      <div className="flex-none overflow-hidden [scrollbar-gutter:stable]">
        <div className="mx-auto max-w-[860px] px-10 pt-7 pb-3 max-[900px]:px-5 narrow:px-3 narrow:pt-3">
          <SearchField
            ref={field}
            text={found.text}
            activeId={name !== undefined ? nameId(name) : activeHit && hitId(activeHit)}
            expanded={(answer?.hits.length ?? 0) + names.length > 0}
            onText={everywhere.setText}
            onMove={move}
            onPage={(way) => move(way * (list.current?.page() ?? 1))}
            onOpen={() => (name !== undefined ? go(name) : open(activeHit))}
            onLeave={() => void navigate({ to: "/chats" })}
          />
          <Filters text={found.text} onText={attempt}>
            <p role="status" data-testid="search-status" className="text-sm text-ink-2">
              {answer !== null && current ? counted(answer) : found.asking ? t`Searching…` : ""}
            </p>
            {!empty && <Order found={found} />}
          </Filters>
          {!empty && (
            <Indexing behind={behind} total={stats?.messages ?? 0} isMade={found.answer?.about !== null} />
          )}
        </div>
      </div>
      <div
        ref={scroller}
        data-testid="search-scroller"
        className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]"
      >
        <div className="mx-auto max-w-[860px] px-10 pt-0 pb-6 max-[900px]:px-5 narrow:px-3">
          {found.error !== null && (
            <SearchTrouble error={found.error} onRetry={() => void everywhere.again()} />
          )}
          {names.length > 0 && <NamesAbove ref={above.ref} choices={names} active={name} onOpen={go} />}
          {found.error === null && answer !== null && answer.hits.length > 0 && (
            <div
              key={`${answer.order} ${answer.text}`}
              aria-busy={!current}
              className={current ? "" : "pointer-events-none opacity-55 transition-opacity delay-100"}
            >
              {answer.groups === null ? (
                <HitList {...lists} answer={answer} />
              ) : (
                <HitsByChat
                  {...lists}
                  groups={answer.groups}
                  onAll={({ chat }) => {
                    everywhere.setOrder("newest");
                    attempt(withFilter(found.text, "in", chat.jid));
                  }}
                />
              )}
            </div>
          )}
          {found.error === null && answer !== null && answer.hits.length === 0 && current && (
            <NothingFound answer={answer} onTry={attempt} />
          )}
          {stats?.messages === 0 && answer === null && found.error === null && <NothingHere />}
          {stats?.messages !== 0 && empty && <Before text={found.text} onTry={attempt} />}
          <Footer answer={answer} />
        </div>
      </div>
    </main>
  );
}

/** How high an element is that comes and goes. */
function useHeight() {
  const [height, setHeight] = useState(0);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return setHeight(0);
    setHeight(element.offsetHeight);
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight));
    observer.observe(element);
    return () => {
      observer.disconnect();
      setHeight(0);
    };
  }, []);
  return { ref, height };
}

/** What stands there before there is a question. */
function Before({ text, onTry }: { text: string; onTry: (text: string) => void }) {
  return text.trim() === "" ? <NothingTyped onTry={onTry} /> : <Unfinished text={text} />;
}

function counted({ groups, hits, about, more, next }: Answer): string {
  if (groups !== null) {
    if (about === null || groups.length === 0) return "";
    const chats = plural(groups.length, { one: "# chat", other: "# chats" });
    return more
      ? plural(about, { one: `more than # message in ${chats}`, other: `more than # messages in ${chats}` })
      : plural(about, { one: `# message in ${chats}`, other: `# messages in ${chats}` });
  }
  if (next === null)
    return hits.length === 0 ? "" : plural(hits.length, { one: "# message", other: "# messages" });
  if (about === null) return "";
  return more
    ? plural(about, { one: "more than # message", other: "more than # messages" })
    : plural(about, { one: "about # message", other: "about # messages" });
}

function Order({ found }: { found: Found }) {
  const orders = [
    ["newest", t`Newest first`],
    ["best", t`Best first`],
    ["chats", t`By chat`],
  ] as const;
  const titles = {
    newest: undefined,
    best: t`The best of the newest thousand`,
    chats: t`How many each chat has, of the newest ten thousand`,
  };
  return (
    <fieldset aria-label={t`Order`} className="flex rounded-full bg-sunken p-0.5">
      {orders.map(([order, words]) => (
        <button
          key={order}
          type="button"
          data-testid={`search-${order}`}
          aria-pressed={found.order === order}
          title={titles[order]}
          className="min-h-6 rounded-full px-2.5 text-sm text-ink-2 hover:text-ink aria-pressed:bg-surface aria-pressed:font-[550] aria-pressed:text-ink"
          onClick={() => everywhere.setOrder(order)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}

function Footer({ answer }: { answer: Answer | null }) {
  return (
    <p className="mt-3.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink-2">
      {answer !== null && answer.hits.length > 0 && (
        <span className="narrow:hidden">
          <Trans>
            <kbd>↑</kbd> <kbd>↓</kbd> move · <kbd>Enter</kbd> open in its chat ·
          </Trans>
        </span>
      )}
      <Searched />
    </p>
  );
}

/** What has come or was indexed meanwhile is found too; but the ground does not move under one who reads on. */
function useFreshHits(found: Found, messages: number | undefined, behind: number | undefined): void {
  const { answer } = found;
  const quiet = answer !== null && answer.hits.length <= PAGE && everywhere.left.offset === 0;
  const isQuiet = useRef(quiet);
  isQuiet.current = quiet;
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there is more to find
  useEffect(() => {
    if (messages === undefined) return;
    if (!first.current && isQuiet.current) void everywhere.again();
    first.current = false;
  }, [messages, behind]);
}

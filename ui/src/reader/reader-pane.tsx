import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { toAppError } from "../app/call";
import type { Jump } from "../app/jump";
import { appStateQuery, chatQuery } from "../app/queries";
import type { Chat } from "../bindings";
import { DetailsPanel } from "../details/details-panel";
import { useDetails } from "../details/open";
import { ErrorNote } from "../parts/error-note";
import { useShortcut } from "../shortcuts/use-shortcut";
import { type AskedDay, ChatCalendar, type OnDay } from "./chat-calendar";
import { ChatSearchBar } from "./chat-search";
import { Platform } from "./platform";
import { Reader } from "./reader";
import { ReaderHeader } from "./reader-header";
import { excerpts, useChatSearch } from "./use-chat-search";

/** The pane of one open chat. */
export function ReaderPane() {
  const { chatId } = useParams({ from: "/chats/$chatId" });
  const chat = useQuery(chatQuery(chatId));
  const details = useDetails().open;
  return (
    <main className="relative flex h-full min-h-0 bg-bg">
      <div className="flex h-full min-h-0 min-w-0 flex-1 flex-col">
        {chat.data !== undefined ? (
          <OpenChat key={chatId} chat={chat.data} />
        ) : (
          chat.isError && (
            <div className="p-6">
              <ErrorNote fault={toAppError(chat.error)} onRetry={() => void chat.refetch()} />
            </div>
          )
        )}
      </div>
      {details && chat.data !== undefined && <DetailsPanel key={`details ${chatId}`} chat={chat.data} />}
    </main>
  );
}

function OpenChat({ chat }: { chat: Chat }) {
  const platform = useQuery({
    ...appStateQuery,
    select: ({ accounts }) => accounts.find(({ id }) => id === chat.account_id)?.integration_type ?? "",
  });
  const step = useLocation({ select: ({ state }) => state.jump });
  const takesFocus = useLocation({
    select: ({ state }) => state.jump !== undefined || state.takesFocus === true,
  });
  // Where to go in the chat: by a step of the window's history, or from hit to hit.
  const [jump, setJump] = useState<Jump | undefined>(step);
  const [taken, setTaken] = useState(step);
  if (step !== taken) {
    setTaken(step);
    if (step !== undefined) setJump(step);
  }
  const [searching, setSearching] = useState(false);
  const view = useRef<() => number | null>(() => null);
  const search = useChatSearch(chat.id, setJump, () => view.current());
  const [asked, setAsked] = useState<AskedDay | null>(null);
  const onDay: OnDay = (at, anchor) =>
    setAsked({ at: at ?? view.current() ?? chat.last_message_at ?? Date.now(), anchor });
  const { found } = search;
  useChatSearchKeys(() => setSearching(true), searching ? search.step : undefined);

  const inChat = useMemo(() => excerpts(found), [found]);
  const marks = useMemo(() => new Map(step === undefined ? [] : [[step.id, step.found]]), [step]);
  const current = searching ? found.answer?.hits[found.active]?.message_id : undefined;

  return (
    <>
      <ReaderHeader
        chat={chat}
        fromHits={step?.fromHits === true}
        searching={searching}
        onSearch={() => setSearching((before) => !before)}
        onDay={onDay}
      />
      {searching && (
        <ChatSearchBar
          search={search}
          onClose={() => {
            setSearching(false);
            document.querySelector<HTMLElement>("[data-testid=reader]")?.focus({ preventScroll: true });
          }}
        />
      )}
      <Platform value={platform.data ?? ""}>
        <Reader
          chat={chat}
          jump={jump}
          takesFocus={takesFocus && !searching}
          marks={searching && found.text !== "" ? inChat : marks}
          currentId={current}
          onDay={onDay}
          view={view}
        />
      </Platform>
      <ChatCalendar chat={chat} asked={asked} onClose={() => setAsked(null)} onJump={setJump} />
    </>
  );
}

/** The bar is opened by its own keys, and by those that then go from hit to hit. */
function useChatSearchKeys(open: () => void, step: ((by: 1 | -1) => void) | undefined): void {
  const begin = () => {
    open();
    document.querySelector<HTMLInputElement>("[data-testid=chat-search-field]")?.select();
  };
  useShortcut("searchChat", begin);
  useShortcut("nextHit", () => (step === undefined ? begin() : step(1)));
  useShortcut("previousHit", () => (step === undefined ? begin() : step(-1)));
}

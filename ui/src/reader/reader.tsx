import { t } from "@lingui/core/macro";
import { type KeyboardEvent, type RefObject, useLayoutEffect } from "react";
import { Virtualizer } from "virtua";
import type { Jump } from "../app/jump";
import type { Chat, Excerpt } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { useNow } from "../parts/use-now";
import { useShortcut } from "../shortcuts/use-shortcut";
import { AnyRow } from "./any-row";
import type { OnDay } from "./chat-calendar";
import { copySelected } from "./copying";
import { DatePill } from "./date-pill";
import { ReaderButtons } from "./reader-buttons";
import { NoMessages, ReaderTop } from "./reader-top";
import { useHistory } from "./use-history";
import { useMessageActions } from "./use-message-actions";
import { TOP, useReading } from "./use-reading";
import { useRoving } from "./use-roving";

const NO_MARKS: ReadonlyMap<string, Excerpt> = new Map();

/** The messages of one chat. */
export function Reader({
  chat,
  jump,
  takesFocus = false,
  marks = NO_MARKS,
  currentId,
  onDay,
  view,
}: {
  chat: Chat;
  jump?: Jump | undefined;
  takesFocus?: boolean;
  /** What was looked for, in the messages that were found. */
  marks?: ReadonlyMap<string, Excerpt>;
  /** The hit at which one stands. */
  currentId?: string | undefined;
  onDay: OnDay;
  /** Says when the last message in view was sent, to whoever asks; nothing at the end. */
  view?: RefObject<() => number | null>;
}) {
  const reading = useReading(chat, jump, takesFocus);
  const { scroller, list, loaded, rows, shift, error, shown, atEnd, away, marked, origin } = reading;
  const { onScroll, jumpToQuoted, jumpToEnd, jumpToStart, letAimGo, letGo, follow, again, back } = reading;
  const older = useHistory(chat.id, loaded?.older === null || chat.gaps.length > 0);
  const now = useNow();
  useLayoutEffect(() => {
    if (view !== undefined) view.current = reading.viewAt;
  });
  const roving = useRoving(scroller, list, rows);
  const messageOf = (id: string) => loaded?.messages.find((message) => message.id === id);
  const actions = useMessageActions(chat, messageOf, roving, jumpToQuoted);

  useShortcut("newest", jumpToEnd);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    letAimGo();
    // Of a popup, which lies elsewhere in the page, and of what uses the arrows itself.
    const { target } = event;
    if (!(target instanceof Element) || !event.currentTarget.contains(target)) return;
    if (target.closest("input, textarea, select, audio, video, [role=slider]") !== null) return;
    if (roving.onKeyDown(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.altKey || event.shiftKey) return;
    if (event.key === "Home") jumpToStart();
    else if (event.key === "End") jumpToEnd();
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t`Messages: ${chat.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        data-testid="reader"
        data-pane-focus=""
        className={`reader ${shown ? "" : "settling"}`}
        onScroll={onScroll}
        onWheel={letAimGo}
        onPointerDown={letAimGo}
        onKeyDown={onKeyDown}
        onFocus={roving.onFocus}
        onBlur={roving.onBlur}
        onContextMenu={actions.onContextMenu}
        onCopy={(event) => copySelected(event, messageOf)}
      >
        <div className="grow" />
        {loaded !== null && loaded.messages.length > 0 && (
          <div className="reader-top" style={{ height: TOP }}>
            <ReaderTop
              chat={chat}
              hasOlder={loaded.older !== null}
              oldest={loaded.messages[0]?.at ?? null}
              control={older}
            />
          </div>
        )}
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          startMargin={TOP}
          shift={shift}
          bufferSize={600}
          {...(roving.keepMounted !== undefined && { keepMounted: roving.keepMounted })}
          data={rows}
          onResize={follow}
          onScrollEnd={letGo}
        >
          {(row, index) => (
            <div
              key={row.key}
              data-row={row.type === "message" ? row.message.id : undefined}
              data-current={(row.type === "message" && row.message.id === currentId) || undefined}
              className={`reader-row ${index === rows.length - 1 ? "last" : ""}`}
            >
              <AnyRow
                row={row}
                isGroup={chat.kind !== "direct"}
                marked={row.type === "message" && row.message.id === marked}
                found={row.type === "message" ? marks.get(row.message.id) : undefined}
                now={now}
                onLoad={older.load}
                onDetails={actions.show}
                onDay={onDay}
                onJump={(quote) => row.type === "message" && void jumpToQuoted(quote, row.message.id)}
              />
            </div>
          )}
        </Virtualizer>
      </div>
      {shown && <DatePill scroller={scroller} topDay={reading.topDay} now={now} onDay={onDay} />}
      {actions.popups}
      {loaded !== null && loaded.messages.length === 0 && <NoMessages chat={chat} />}
      {error !== null && (
        <div className="absolute inset-x-6 top-4">
          <ErrorNote fault={error} onRetry={again} />
        </div>
      )}
      <ReaderButtons
        away={away}
        onBack={origin === null ? undefined : back}
        onEnd={shown && !atEnd ? jumpToEnd : undefined}
      />
    </div>
  );
}

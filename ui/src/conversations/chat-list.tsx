// Ten thousand chats, of which the few on the screen exist. One stop of the Tab key, as a listbox: the list keeps
// the focus and says which row it means (`aria-activedescendant`), because a row that has it itself would take it
// along when it is scrolled away and taken down.
import { t } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { useRowHeight } from "../app/look";
import type { Account, Chat, ChatChoice } from "../bindings";
import { placeByKey, useEnd } from "../parts/list-keys";
import { useNow } from "../parts/use-now";
import { useShortcut } from "../shortcuts/use-shortcut";
import { type Asked, ChatMenu } from "./chat-menu";
import { ChatRow, rowId } from "./chat-row";

type Row = { type: "heading"; name: string } | { type: "chat"; chat: Chat; index: number };

export function ChatList({
  chats,
  accounts,
  openId,
  sections,
  onEnd,
  onAll,
  onHold,
  onLetGo,
  onChoose,
}: {
  chats: readonly Chat[];
  accounts: readonly Account[];
  openId: string | undefined;
  /** Whether the pinned stand apart from the others. */
  sections: boolean;
  onEnd: () => void;
  /** Brings all that there are, and says which one is the last. */
  onAll: () => Promise<string | undefined>;
  /** Somebody has the list in hand. */
  onHold: () => void;
  onLetGo: () => void;
  onChoose: (id: string, choice: ChatChoice) => void;
}) {
  const list = useRef<VListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const navigate = useNavigate();
  const now = useNow();
  const [activeId, setActiveId] = useState<string | undefined>(openId);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [menu, setMenu] = useState(false);
  const place = chats.findIndex((chat) => chat.id === activeId);
  const active = place === -1 ? 0 : place;

  const pinned = sections ? chats.findLastIndex((chat) => chat.pinned) + 1 : 0;
  const rows = useMemo(() => toRows(chats, pinned), [chats, pinned]);
  // What stands above a chat besides the chats before it.
  const rowOf = (index: number) => index + (pinned === 0 ? 0 : index < pinned ? 1 : 2);

  const latest = useRef({ chats, rowOf });
  latest.current = { chats, rowOf };

  // The open chat is where the keys go on from, and it is in view when it was opened from elsewhere.
  useEffect(() => {
    if (openId === undefined) return;
    setActiveId(openId);
    const { chats, rowOf } = latest.current;
    const index = chats.findIndex((chat) => chat.id === openId);
    if (index >= 0) list.current?.scrollToIndex(rowOf(index), { align: "nearest" });
  }, [openId]);

  const open = (chat: Chat | undefined) => {
    if (chat !== undefined) void navigate({ to: "/chats/$chatId", params: { chatId: chat.id } });
  };

  const goTo = (index: number) => {
    const { chats, rowOf } = latest.current;
    setActiveId(chats[index]?.id);
    // The heading of the first one too.
    list.current?.scrollToIndex(index === 0 ? 0 : rowOf(index), { align: "nearest" });
  };

  // The last one is gone to when it is listed, which is a little after it has come.
  const [lastId, setLastId] = useState<string | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: gone to once
  useEffect(() => {
    if (lastId === undefined || chats.at(-1)?.id !== lastId) return;
    setLastId(undefined);
    goTo(chats.length - 1);
  }, [lastId, chats]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    onHold();
    const next = placeByKey(event.key, active, { count: chats.length, list: list.current, rowHeight });
    // The last one of all, which may have to come first.
    if (event.key === "End") void onAll().then(setLastId);
    else if (next !== null) goTo(next);
    else if (event.key === "Enter" || event.key === " ") open(chats[active]);
    else return;
    event.preventDefault();
  };

  const onScroll = useEnd(list, rows.length, onEnd);

  const ask = (chat: Chat | undefined, at?: { x: number; y: number }) => {
    const row = chat === undefined ? null : document.getElementById(rowId(chat));
    if (chat === undefined || row === null) return false;
    setActiveId(chat.id);
    const point = at === undefined ? row : { getBoundingClientRect: () => new DOMRect(at.x, at.y, 0, 0) };
    setAsked({ chat, anchor: point });
    setMenu(true);
    return true;
  };

  const onContextMenu = (event: MouseEvent) => {
    const id = (event.target as Element).closest<HTMLElement>("[data-chat-id]")?.dataset.chatId;
    // The key for menus makes this event too, at the list itself.
    const chat = id === undefined ? chats[active] : chats.find((each) => each.id === id);
    if (ask(chat, id === undefined ? undefined : { x: event.clientX, y: event.clientY }))
      event.preventDefault();
  };

  const focused = () => (box.current?.contains(document.activeElement) ? chats[active] : undefined);
  const choose = (id: string | undefined, choice: ChatChoice) => {
    if (id === undefined) return false;
    onChoose(id, choice);
    // What was asked for is to be seen.
    onLetGo();
  };
  useShortcut("menu", () => ask(focused()));
  useShortcut("archive", () => choose(focused()?.id ?? openId, "archive"));
  useShortcut("unarchive", () => choose(focused()?.id ?? openId, "unarchive"));
  useShortcut("markRead", () => choose(focused()?.id ?? openId, "read"));

  return (
    <div ref={box} className="h-full">
      <VList
        ref={list}
        role="listbox"
        aria-label={t`Chats`}
        aria-activedescendant={chats[active] === undefined ? undefined : rowId(chats[active])}
        tabIndex={0}
        data-testid="chat-list"
        data-pane-focus=""
        className="chat-list always-hit h-full pb-2"
        itemSize={rowHeight}
        bufferSize={600}
        keepMounted={[rowOf(active)]}
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        onPointerMove={onHold}
        onPointerLeave={onLetGo}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onLetGo()}
        onScroll={onScroll}
        data={rows}
      >
        {(row) =>
          row.type === "heading" ? (
            <div key={row.name} role="presentation" className="chat-heading">
              {row.name}
            </div>
          ) : (
            <ChatRow
              key={row.chat.id}
              chat={row.chat}
              account={
                accounts.length > 1 ? accounts.find(({ id }) => id === row.chat.account_id) : undefined
              }
              index={row.index}
              count={chats.length}
              selected={row.chat.id === openId}
              active={row.index === active}
              now={now}
              onOpen={open}
            />
          )
        }
      </VList>
      <ChatMenu
        asked={asked}
        open={menu}
        onClose={() => setMenu(false)}
        onChoose={(chat, choice) => void choose(chat.id, choice)}
        container={box}
        finalFocus={() => box.current?.querySelector<HTMLElement>("[role=listbox]") ?? null}
      />
    </div>
  );
}

function toRows(chats: readonly Chat[], pinned: number): Row[] {
  const rows = chats.map((chat, index): Row => ({ type: "chat", chat, index }));
  if (pinned === 0) return rows;
  return [
    { type: "heading", name: t`Pinned` },
    ...rows.slice(0, pinned),
    ...(pinned < rows.length ? [{ type: "heading" as const, name: t`All chats` }] : []),
    ...rows.slice(pinned),
  ];
}

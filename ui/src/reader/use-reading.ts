// Where one stands in a chat and how one moves in it: opening, following the end, jumping, coming back.
import { t } from "@lingui/core/macro";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ScrollToIndexOpts, VirtualizerHandle } from "virtua";
import { AppError, toAppError } from "../app/call";
import { brief } from "../app/errors";
import type { Jump } from "../app/jump";
import type { Chat, Message, Quote } from "../bindings";
import { notify } from "../parts/notice";
import { findMessage } from "./find-message";
import { hold } from "./hold";
import { positions } from "./positions";
import { type Row, toRows } from "./rows";
import { PAGE, useChatChange, useLoaded } from "./use-loaded";
import { firstUnread } from "./window";

/** Closer to an end than this, the next page is asked for. */
const AHEAD = 1_800;

/** Closer to the end than this, one is at the end, and stays there when something new comes. */
const AT_END = 60;

/** The height of what stands above the first message. */
export const TOP = 112;

/** How long a message that was jumped to is marked. */
const MARKED = 1_800;

/** Unread messages beyond this open at the end: nobody reads that far back at once. */
const MOST_UNREAD = 400;

/** Where a message stands under the separator of its day, which stands at the top. */
const DAY_ABOVE = -56;

/** So far down the pane reaches what tells the day at its top. */
const PILL = 46;

/** A message that was jumped to, and how far from the top it is to stand; in the middle without that. */
type Aim = { id: string; offset: number | undefined };

export function useReading(chat: Chat, jump: Jump | undefined, takesFocus: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const { loaded, shift, goal, error, open, stay, more, refresh, letGo } = useLoaded(chat.id);
  const list = useRef<VirtualizerHandle>(null);
  // What was unread when the chat was opened stays marked while one reads on.
  const [unread] = useState(() => (chat.unread > MOST_UNREAD ? 0 : chat.unread));
  const [unreadId, setUnreadId] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const [atEnd, setAtEnd] = useState(true);
  const [away, setAway] = useState(0);
  const [marked, setMarked] = useState<string | null>(null);
  const [origin, setOrigin] = useState<string | null>(null);
  const stuck = useRef(false);
  // The message that was jumped to: earlier ones that come in the meantime would carry the jump off its place.
  const aim = useRef<Aim | null>(null);
  // The list was sent somewhere, and may not have come to rest there yet.
  const sent = useRef(false);
  // The list is being told of its own move: nobody scrolls.
  const hearing = useRef(false);
  const scrolled = useRef(0);

  const rows = useMemo(
    () => (loaded === null ? [] : toRows(loaded.messages, unreadId, unread, chat.gaps)),
    [loaded, unreadId, unread, chat.gaps],
  );
  const rowsNow = useRef(rows);
  rowsNow.current = rows;

  const jumped = useRef<Jump | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chat is opened once, and jumped in at each step
  useEffect(() => {
    if (jump !== undefined) {
      if (jumped.current === jump) return;
      jumped.current = jump;
      jumpTo(jump.id, jump.atTop === true ? DAY_ABOVE : undefined);
      return;
    }
    if (loaded !== null) return;
    const left = positions.get(chat.id);
    // One who comes back stands where they left; unless something has come that they have not seen.
    if (left === undefined ? unread > 0 : unread > left.unread) {
      void open({ at: "newest" }, { to: "unread" }, Math.max(PAGE, unread + 40));
    } else if (left === undefined || left.place === null) {
      void open({ at: "newest" }, { to: "end" });
    } else {
      void open({ at: "around", value: left.place.id }, { to: "message", mark: false, ...left.place });
    }
  }, [chat.id, unread, open, jump]);

  // Taken once, from the first page: it must not wander when more arrives.
  if (goal?.to === "unread" && loaded !== null && unreadId === null) {
    const id = firstUnread(loaded, unread);
    if (id !== null) setUnreadId(id);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a goal is reached once, when it is set
  useLayoutEffect(() => {
    if (goal === null || list.current === null) return;
    const target = placeOf(rows, goal.to === "message" ? goal.id : null);
    if (goal.to === "start") {
      stuck.current = false;
      send(0, { align: "start", offset: -TOP });
    } else if (goal.to === "message" && target >= 0) {
      stuck.current = false;
      const offset = goal.offset;
      send(target, offset === undefined ? { align: "center" } : { align: "start", offset });
      if (goal.mark) aimAt(goal.id, offset);
    } else if (goal.to === "unread" && rows.some((row) => row.type === "new")) {
      stuck.current = false;
      setAway(unread);
      const divider = rows.findIndex((row) => row.type === "new");
      send(divider, { align: "start", offset: -72 });
    } else {
      stuck.current = true;
      toEnd();
    }
    const timer = setTimeout(() => {
      setShown(true);
      if (takesFocus) scroller.current?.focus({ preventScroll: true });
      showFound();
      look();
    }, 50);
    return () => clearTimeout(timer);
  }, [goal]);

  useEffect(() => {
    if (marked === null) return;
    const timer = setTimeout(() => {
      setMarked(null);
      aim.current = null;
    }, MARKED);
    return () => clearTimeout(timer);
  }, [marked]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: aimed anew only when rows came before it
  useLayoutEffect(() => {
    hear();
    if (shift && aim.current !== null) toMessage(aim.current);
  }, [rows]);

  // A layout effect, because what is on the screen can only be read before it is taken down.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen is read when the chat is left
  useLayoutEffect(() => {
    return () => {
      // One who left before anything was drawn has not seen anything.
      if (rowsNow.current.length > 0) {
        positions.set(chat.id, { unread, place: stuck.current ? null : seen() });
      }
    };
  }, [chat.id]);

  useChatChange(chat.id, () => {
    void refresh(stuck.current, seen()?.id ?? null).catch(() => {});
  });

  // New messages at the end: follow them when one is there, else count them on the button.
  const lastId = loaded?.newer === null ? loaded.messages.at(-1)?.id : undefined;
  const lastSeen = useRef<string | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new last message counts
  useLayoutEffect(() => {
    const before = loaded?.messages.findIndex((message) => message.id === lastSeen.current) ?? -1;
    if (stuck.current) toEnd();
    else if (before >= 0 && loaded !== null) {
      const fresh = loaded.messages.slice(before + 1).filter((message) => !message.from_me);
      if (fresh.length > 0) setAway((count) => count + fresh.length);
    }
    lastSeen.current = lastId;
  }, [lastId]);

  // A page that does not fill the pane has to ask for more without being scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever something came or went
  useEffect(() => {
    if (shown) look();
  }, [loaded, shown]);

  function send(place: number, how: ScrollToIndexOpts) {
    sent.current = true;
    list.current?.scrollToIndex(place, how);
  }

  /**
   * The list goes on for 150 ms after the last row was measured and would put the pane back to where it was sent, under
   * the hand of whoever scrolls by now. It cannot be told to stop, but to go to where the pane is, whenever it looks.
   */
  function stopGoing() {
    const pane = scroller.current;
    if (!sent.current || pane === null) return;
    sent.current = false;
    const here = { valueOf: () => pane.scrollTop };
    list.current?.scrollTo(here as unknown as number);
  }

  /**
   * The list puts the pane right when rows come before what is in view, or get their height, and hears of that by the
   * pane's event, a frame later and on a busy machine a second. What else is drawn until then is taken from the old
   * place, and what is in view is taken down. So it is told at once.
   */
  function hear() {
    hearing.current = true;
    scroller.current?.dispatchEvent(new Event("scroll"));
    hearing.current = false;
  }

  function toEnd() {
    const last = rowsNow.current.length - 1;
    if (last >= 0) send(last, { align: "end" });
  }

  /** Whether more is needed at an end, and whether one stands at the end. */
  function look() {
    const pane = scroller.current;
    if (pane === null || loaded === null) return;
    const below = pane.scrollHeight - pane.scrollTop - pane.clientHeight;
    const isEnd = below < AT_END && loaded.newer === null;
    if (isEnd) {
      stuck.current = true;
      setAway(0);
    } else if (pane.scrollTop < scrolled.current - 1) {
      stuck.current = false;
    }
    // What has come into view is not new any more.
    if (!isEnd && loaded.newer === null)
      setAway((count) => (count === 0 ? 0 : Math.min(count, countBelow())));
    scrolled.current = pane.scrollTop;
    setAtEnd(isEnd);
    if (pane.scrollTop < AHEAD) void more("older");
    if (below < AHEAD) void more("newer");
  }

  /** The first message in view, and how far its top is above the pane's. */
  function seen(): { id: string; offset: number } | null {
    const handle = list.current;
    if (handle === null) return null;
    for (let index = handle.findItemIndex(handle.scrollOffset); index < rowsNow.current.length; index++) {
      const row = rowsNow.current[index];
      if (row?.type === "message") {
        return { id: row.message.id, offset: handle.scrollOffset - TOP - handle.getItemOffset(index) };
      }
    }
    return null;
  }

  /** To a message: into the middle of the pane, or so far from its top. */
  function jumpTo(id: string, offset?: number) {
    // Rows keep what they were drawn with, so who asks may know of older ones only.
    if (placeOf(rowsNow.current, id) === -1) {
      const place = offset === undefined ? {} : { offset };
      void open({ at: "around", value: id }, { to: "message", id, mark: true, ...place });
      return;
    }
    stay();
    stuck.current = false;
    toMessage({ id, offset });
    aimAt(id, offset);
  }

  /** To what a message answers; from there a button leads back. What lies far back is looked for now. */
  async function jumpToQuoted(quote: Quote, from: string) {
    const id = quote.id ?? (await findMessage(chat.id, quote.external_id).catch(toAppError));
    if (id instanceof AppError) return notify(brief(id));
    if (id === null) return notify(t`The original is not on this computer.`);
    setOrigin(from);
    jumpTo(id);
  }

  /** Scrolls to a message, if it is loaded. */
  function toMessage({ id, offset }: Aim) {
    const place = placeOf(rowsNow.current, id);
    if (place === -1) return;
    send(place, offset === undefined ? { align: "center" } : { align: "start", offset });
    setTimeout(showFound, 50);
  }

  /** Marks a message that was jumped to, and keeps it in view for as long. */
  function aimAt(id: string, offset: number | undefined) {
    const own = { id, offset };
    aim.current = own;
    setMarked(id);
    const isWanted = () => aim.current === own;
    if (scroller.current !== null) hold(scroller.current, id, isWanted, () => toMessage(own));
  }

  /** In a message longer than the screen, to the first place of what was looked for. */
  function showFound() {
    const pane = scroller.current;
    const mark = pane?.querySelector(".marked mark.hit");
    if (pane == null || mark == null) return;
    const [seen, place] = [pane.getBoundingClientRect(), mark.getBoundingClientRect()];
    if (place.top >= seen.top && place.bottom <= seen.bottom) return;
    pane.scrollTop += place.top - seen.top - pane.clientHeight / 3;
  }

  /** The last row in view, by the pane: the list may not have heard yet that it was moved. */
  function lastInView(): number | null {
    const [handle, pane] = [list.current, scroller.current];
    return handle === null || pane === null ? null : handle.findItemIndex(pane.scrollTop + pane.clientHeight);
  }

  /** How many messages of others lie below what is in view. */
  function countBelow(): number {
    const last = lastInView();
    if (last === null) return 0;
    const rest = rowsNow.current.slice(last + 1);
    return rest.filter((row) => row.type === "message" && !row.message.from_me).length;
  }

  /** When the last message in view was sent; nothing at the end, and where none is. */
  function viewAt(): number | null {
    const last = lastInView();
    if (last === null || stuck.current) return null;
    for (let index = last; index >= 0; index--) {
      const row = rowsNow.current[index];
      if (row?.type === "message") return row.message.at;
    }
    return null;
  }

  /** The day at the top of the pane; nothing where its own separator stands there, or what is read in the middle. */
  function topDay(): number | null {
    const [handle, pane] = [list.current, scroller.current];
    if (handle === null || pane === null || pane.scrollTop < TOP) return null;
    const at = (offset: number) => handle.findItemIndex(pane.scrollTop + offset);
    const [first, last] = [at(0), at(PILL)];
    const rows = rowsNow.current.slice(first, last + 1);
    if (rows.some((row) => row.type !== "message" || isLine(row.message))) return null;
    const row = rowsNow.current.slice(first).find((row) => row.type === "message");
    return row?.type === "message" ? row.message.at : null;
  }

  function jumpToEnd() {
    setOrigin(null);
    setAway(0);
    if (loaded?.newer === null) {
      stuck.current = true;
      toEnd();
    } else void open({ at: "newest" }, { to: "end" });
  }

  function jumpToStart() {
    stuck.current = false;
    if (loaded?.older === null) list.current?.scrollTo(0);
    else void open({ at: "oldest" }, { to: "start" });
  }

  return {
    scroller,
    list,
    loaded,
    rows,
    shift,
    error,
    shown,
    atEnd,
    away,
    marked,
    origin,
    topDay,
    viewAt,
    jumpTo,
    jumpToQuoted,
    jumpToEnd,
    jumpToStart,
    onScroll() {
      if (shown && !hearing.current) look();
    },
    /** What is in view may be carried off again: the person moves by themselves. */
    letAimGo() {
      aim.current = null;
      stopGoing();
    },
    back() {
      if (origin !== null) jumpTo(origin);
      setOrigin(null);
    },
    again() {
      if (loaded === null) void open({ at: "newest" }, { to: "end" });
      else look();
    },
    /** Rows have got their height: who is at the end stays there, and others may be by now. */
    follow() {
      hear();
      if (stuck.current) toEnd();
      else if (shown) look();
    },
    letGo() {
      sent.current = false;
      const pane = scroller.current;
      if (pane !== null) letGo(pane.scrollTop < pane.scrollHeight / 2 ? "newer" : "older");
    },
  };
}

/** What stands in the middle, as the day at the top does: one would cover the other. */
function isLine({ kind }: Message): boolean {
  return kind === "system" || kind === "call";
}

function placeOf(rows: readonly Row[], id: string | null): number {
  return rows.findIndex((row) => row.type === "message" && row.message.id === id);
}

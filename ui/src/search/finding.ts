// One search field's state, kept outside of what draws it: who opens a hit and comes back finds the same hits
// in the same place. Each key asks anew; the core lets go of the question before, and an answer to anything
// but what stands in the field is never taken.
import type { CacheSnapshot } from "virtua";
import { type AppError, call, toAppError } from "../app/call";
import {
  type ChatHits,
  commands,
  type SearchByChat,
  type SearchHit,
  type SearchOrder,
  type SearchPage,
} from "../bindings";
import { isEmpty } from "./query";

/** Hits in one page: more than two screens, little enough to come at once. */
export const PAGE = 50;

/** So long the hits of before may stand, greyed, until the answer is there: less blinks, more would lie. */
const LATE = 300;

/** Another field's question has taken this one's place; it is asked again in a moment. */
const AGAIN = 60;

/** How hits are laid out: by time, by how well they fit, or by the chat that they are in. */
export type Layout = SearchOrder | "chats";

/** A chat's hits, and where among all they begin. */
export type ChatGroup = ChatHits & { from: number };

export type Answer = {
  /** What it is the answer to. */
  text: string;
  order: Layout;
  /** By chat: the chats, whose hits are all those that there are. */
  groups: readonly ChatGroup[] | null;
  hits: readonly SearchHit[];
  about: number | null;
  more: boolean;
  behind: number;
  next: string | null;
  unknown: readonly string[];
};

export type Found = {
  text: string;
  order: Layout;
  /** The last one; what it answers may be what stood in the field before. */
  answer: Answer | null;
  asking: boolean;
  /** Asking takes so long that the answer of before must not be seen any more. */
  late: boolean;
  error: AppError | null;
  /** The hit at which the keys stand; below 0 at a name above them, −1 at the last one. */
  active: number;
};

export type Finding = ReturnType<typeof makeFinding>;

const NOTHING: Found = {
  text: "",
  order: "newest",
  answer: null,
  asking: false,
  late: false,
  error: null,
  active: 0,
};

type Page = SearchPage & Pick<Answer, "groups">;

/** The chats' hits one behind the other, as the keys walk through them. */
function byChat({ chats, more, behind, is_indexed, unknown }: SearchByChat): Page {
  let from = 0;
  const groups = chats.map((chat): ChatGroup => {
    from += chat.hits.length;
    return { ...chat, from: from - chat.hits.length };
  });
  const count = chats.reduce((sum, chat) => sum + chat.count, 0);
  return {
    groups,
    hits: chats.flatMap((chat) => chat.hits),
    about: is_indexed ? count : null,
    more,
    behind,
    next: null,
    unknown,
  };
}

/** In one chat, or everywhere. */
export function makeFinding(chatId: string | null = null) {
  let state = NOTHING;
  let turn = 0;
  let growing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  /** Where the list was left, for when it is drawn again. */
  const left: { offset: number; cache: CacheSnapshot | undefined } = { offset: 0, cache: undefined };

  function set(change: Partial<Found>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  async function ask(place: string | null, mine: number): Promise<Page | null> {
    const { text, order } = state;
    for (;;) {
      try {
        const query = { text, chat_id: chatId, place, newer: false, limit: PAGE };
        const page =
          order === "chats"
            ? byChat(await call(commands.searchByChat({ ...query, order: null })))
            : { ...(await call(commands.searchMessages({ ...query, order }))), groups: null };
        return mine === turn ? page : null;
      } catch (fault) {
        if (mine !== turn) return null;
        const error = toAppError(fault);
        if (error.code !== "search_superseded") throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      if (mine !== turn) return null;
    }
  }

  function settle(change: Partial<Found>): void {
    clearTimeout(timer);
    set({ asking: false, late: false, error: null, ...change });
  }

  async function run(active: (answer: Answer) => number): Promise<void> {
    turn += 1;
    growing = false;
    const mine = turn;
    if (isEmpty(state.text)) {
      settle({ answer: null, active: 0 });
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => mine === turn && set({ late: true }), LATE);
    set({ asking: true });
    try {
      const page = await ask(null, mine);
      if (page === null) return;
      const answer = { ...page, text: state.text, order: state.order };
      settle({ answer, active: active(answer) });
    } catch (fault) {
      settle({ answer: null, active: 0, error: toAppError(fault) });
    }
  }

  function change(next: Partial<Pick<Found, "text" | "order">>): void {
    left.offset = 0;
    left.cache = undefined;
    set({ ...next, active: 0 });
    void run(() => 0);
  }

  return {
    left,
    read: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setText(text: string): void {
      if (text !== state.text) change({ text });
    },
    setOrder(order: Layout): void {
      if (order !== state.order) change({ order });
    },
    /** `above`: so many names stand above the hits. */
    setActive(active: number, above = 0): void {
      const last = (state.answer?.hits.length ?? 0) - 1;
      set({ active: Math.max(-above, Math.min(active, Math.max(last, 0))) });
    },
    /** Asks the same again, quietly: more is here, or has been indexed. The keys stay at their hit. */
    async again(): Promise<void> {
      const { active } = state;
      const at = state.answer?.hits[active]?.message_id;
      await run((answer) =>
        active < 0
          ? active
          : Math.max(
              0,
              answer.hits.findIndex((hit) => hit.message_id === at),
            ),
      );
    },
    /** Brings the hits that follow. */
    async more(): Promise<void> {
      const { answer } = state;
      if (growing || state.asking || answer === null || answer.next === null) return;
      growing = true;
      const mine = turn;
      try {
        const page = await ask(answer.next, mine);
        if (page === null) return;
        const known = new Set(answer.hits.map((hit) => hit.message_id));
        const hits = [...answer.hits, ...page.hits.filter((hit) => !known.has(hit.message_id))];
        set({ answer: { ...answer, hits, next: page.next }, error: null });
      } catch (fault) {
        set({ error: toAppError(fault) });
      } finally {
        if (mine === turn) growing = false;
      }
    },
  };
}

/** Whether what is shown answers what stands in the field. */
export function isCurrent(found: Found): boolean {
  return (
    !found.asking ||
    (found.answer !== null && found.answer.text === found.text && found.answer.order === found.order)
  );
}

/** The one of the search page: it outlives the page. */
export const everywhere = makeFinding();

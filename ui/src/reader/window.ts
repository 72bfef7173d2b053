// The part of a chat that is loaded: a contiguous stretch of messages, oldest first, that grows at both ends,
// is let go of at the far end, and takes in what changed. Pure; the reader draws what stands here.
import type { Message, MessagePage } from "../bindings";

/** The cursors of one loaded page, so that whole pages can be let go of again. */
type Bound = { first: string; last: string; older: string | null; newer: string | null };

export type Loaded = {
  messages: readonly Message[];
  /** Asks for what lies before; none at the beginning. */
  older: string | null;
  /** Asks for what lies behind; none at the end. */
  newer: string | null;
  bounds: readonly Bound[];
};

/** More measured rows than this make a slow reader. */
export const MOST = 2_000;

export function open(page: MessagePage): Loaded {
  return { messages: page.messages, older: page.older, newer: page.newer, bounds: boundsOf(page) };
}

/** With a page that was asked for with `older` before it. */
export function prepend(loaded: Loaded, page: MessagePage): Loaded {
  const known = new Set(loaded.messages.map((message) => message.id));
  const fresh = page.messages.filter((message) => !known.has(message.id));
  return {
    messages: [...fresh, ...loaded.messages],
    older: page.older,
    newer: loaded.newer,
    bounds: [...boundsOf({ ...page, messages: fresh }), ...loaded.bounds],
  };
}

/** With a page that was asked for with `newer` behind it. */
export function append(loaded: Loaded, page: MessagePage): Loaded {
  const known = new Set(loaded.messages.map((message) => message.id));
  const fresh = page.messages.filter((message) => !known.has(message.id));
  return {
    messages: [...loaded.messages, ...fresh],
    older: loaded.older,
    newer: page.newer,
    bounds: [...loaded.bounds, ...boundsOf({ ...page, messages: fresh })],
  };
}

/** With a page that overlaps it in the place of what it overlaps; nothing where it does not overlap. */
export function splice(loaded: Loaded, page: MessagePage): Loaded | null {
  const place = new Map(loaded.messages.map((message, index) => [message.id, index]));
  const shared = page.messages.flatMap((message, index) => {
    const own = place.get(message.id);
    return own === undefined ? [] : [{ own, index }];
  });
  const first = shared[0];
  const last = shared.at(-1);
  if (first === undefined || last === undefined || last.own < first.own) return null;

  // Beyond the last shared message only an open end may grow: elsewhere a cursor says what follows.
  const grows = loaded.newer === null && last.own === loaded.messages.length - 1;
  const behind = grows ? page.messages.slice(last.index + 1) : [];
  const changed = page.messages.slice(first.index, last.index + 1);
  const messages = [
    ...loaded.messages.slice(0, first.own),
    ...changed,
    ...loaded.messages.slice(last.own + 1),
    ...behind,
  ];
  const tail = behind.length > 0 ? boundsOf({ ...page, messages: behind }) : [];
  return {
    messages: keepSame(loaded.messages, messages),
    older: loaded.older,
    newer: grows ? page.newer : loaded.newer,
    bounds: [...loaded.bounds, ...tail],
  };
}

/** Without the pages at one end, as soon as there is too much; the same where nothing can go. */
export function trim(loaded: Loaded, end: "older" | "newer", most = MOST): Loaded {
  if (loaded.messages.length <= most || loaded.bounds.length < 2) return loaded;
  const place = new Map(loaded.messages.map((message, index) => [message.id, index]));
  if (end === "newer") {
    for (let count = 1; count < loaded.bounds.length; count++) {
      const bound = loaded.bounds[count - 1];
      const length = (place.get(bound?.last ?? "") ?? -1) + 1;
      const next = loaded.bounds[count];
      const nextLength = (place.get(next?.last ?? "") ?? loaded.messages.length - 1) + 1;
      if (nextLength <= most) continue;
      if (bound === undefined || bound.newer === null || length === 0) return loaded;
      return {
        ...loaded,
        messages: loaded.messages.slice(0, length),
        newer: bound.newer,
        bounds: loaded.bounds.slice(0, count),
      };
    }
    return loaded;
  }
  for (let from = loaded.bounds.length - 1; from > 0; from--) {
    const bound = loaded.bounds[from];
    const start = place.get(bound?.first ?? "") ?? -1;
    const before = place.get(loaded.bounds[from - 1]?.first ?? "") ?? 0;
    if (loaded.messages.length - before <= most) continue;
    if (bound === undefined || bound.older === null || start <= 0) return loaded;
    return {
      ...loaded,
      messages: loaded.messages.slice(start),
      older: bound.older,
      bounds: loaded.bounds.slice(from),
    };
  }
  return loaded;
}

/** The place of the first unread message: as many from the end as the chat counts, one's own not counted. */
export function firstUnread(loaded: Loaded, unread: number): string | null {
  if (unread <= 0 || loaded.newer !== null) return null;
  let left = unread;
  for (let index = loaded.messages.length - 1; index >= 0; index--) {
    const message = loaded.messages[index];
    if (message === undefined || message.from_me || message.kind === "system") continue;
    left -= 1;
    if (left === 0) return message.id;
  }
  return null;
}

function boundsOf(page: MessagePage): Bound[] {
  const first = page.messages[0];
  const last = page.messages.at(-1);
  if (first === undefined || last === undefined) return [];
  return [{ first: first.id, last: last.id, older: page.older, newer: page.newer }];
}

/** The objects that were there before where nothing in them changed, so that their rows are not drawn again. */
function keepSame(before: readonly Message[], after: readonly Message[]): Message[] {
  const known = new Map(before.map((message) => [message.id, message]));
  return after.map((message) => {
    const own = known.get(message.id);
    return own !== undefined && JSON.stringify(own) === JSON.stringify(message) ? own : message;
  });
}

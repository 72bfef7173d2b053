// The mirror says what changed; what the window shows is asked for again. One refresh at a time and at most
// one in 250 ms: during a first sync the mirror speaks far more often than anyone reads.
import type { QueryClient } from "@tanstack/react-query";
import { events, type MirrorChanged } from "../bindings";

const PAUSE = 250;

export type Change = { chats: ReadonlySet<string>; all: boolean };

type Listener = (change: Change) => void;

const listeners = new Set<Listener>();

/** Hears of changes after they were gathered. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Gathers changes and hands them on, never two at a time. Ends with the returned function. */
export function gather(deliver: (change: Change) => Promise<void>, pause = PAUSE) {
  let waiting: { chats: Set<string>; all: boolean } | null = null;
  let running = false;
  let ended = false;

  async function run() {
    running = true;
    while (waiting !== null && !ended) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const change: Change = waiting;
      waiting = null;
      await deliver(change).catch(() => {});
    }
    running = false;
  }

  return {
    add(changed: Pick<MirrorChanged, "chats" | "all">) {
      waiting ??= { chats: new Set(), all: false };
      for (const chat of changed.chats) waiting.chats.add(chat);
      waiting.all ||= changed.all;
      if (!running) void run();
    },
    end() {
      ended = true;
    },
  };
}

/** Keeps the window's queries as fresh as the mirror, for as long as the window lives. */
export function followMirror(client: QueryClient): () => void {
  const gathered = gather(async (change) => {
    for (const listener of listeners) listener(change);
    await Promise.all([
      client.invalidateQueries({ queryKey: ["chats", "list"] }),
      client.invalidateQueries({ queryKey: ["chats", "one"] }),
      client.invalidateQueries({ queryKey: ["stats"] }),
      client.invalidateQueries({ queryKey: ["runs"] }),
      client.invalidateQueries({ queryKey: ["contacts"] }),
      client.invalidateQueries({
        queryKey: ["details"],
        predicate: ({ queryKey }) => change.all || change.chats.has(String(queryKey[1])),
      }),
      // Who has gone far in a gallery keeps the ground under their feet.
      client.invalidateQueries({
        queryKey: ["gallery"],
        predicate: ({ queryKey, state }) =>
          (change.all || change.chats.has(String(queryKey[1]))) && !isLong(state.data),
      }),
      // How many messages an account has, and when the last ones came.
      client.invalidateQueries({ queryKey: ["app"] }),
      // What is kept of an account, not the chats that are listed to choose from.
      client.invalidateQueries({
        queryKey: ["selection"],
        predicate: ({ queryKey }) => queryKey.length === 2,
      }),
      change.all ? client.invalidateQueries({ queryKey: ["chats", "since"] }) : null,
    ]);
  });
  const listening = events.mirrorChanged.listen((event) => gathered.add(event.payload));
  listening.catch(() => {});
  return () => {
    gathered.end();
    void listening.then((unlisten) => unlisten()).catch(() => {});
  };
}

/** Whether a list that grows by pages has grown. */
function isLong(data: unknown): boolean {
  return (data as { pages?: readonly unknown[] } | undefined)?.pages?.[1] !== undefined;
}

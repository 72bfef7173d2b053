// Fetches a chat's messages in both directions and keeps what is shown in step with the mirror.
import { useCallback, useEffect, useReducer, useRef } from "react";
import { flushSync } from "react-dom";
import { type AppError, call, toAppError } from "../app/call";
import { onChange } from "../app/changes";
import { type Anchor, commands, type MessagePage } from "../bindings";
import { append, type Loaded, open as opened, prepend, splice, trim } from "./window";

/** Where to stand once a page has been drawn. */
export type Goal =
  | { to: "end" }
  | { to: "start" }
  | { to: "unread" }
  | { to: "message"; id: string; mark: boolean; offset?: number };

export type State = {
  loaded: Loaded | null;
  /** Rows came or went at the beginning in this very change. */
  shift: boolean;
  goal: Goal | null;
  error: AppError | null;
};

type Step =
  | { do: "open"; page: MessagePage; goal: Goal }
  | { do: "prepend" | "append" | "splice"; page: MessagePage }
  | { do: "trim"; end: "older" | "newer" }
  | { do: "fail"; error: AppError };

/** Messages in one page: more than two screens, little enough to come at once. */
export const PAGE = 80;

const EMPTY: State = { loaded: null, shift: false, goal: null, error: null };

export function useLoaded(chatId: string) {
  const [state, reach] = useReducer(reduce, EMPTY);
  const now = useRef(state);
  now.current = state;
  // Answers to what was asked before a jump are of no use after it.
  const turn = useRef(0);
  const busy = useRef({ older: false, newer: false });

  // Each answer is drawn by itself. Two that come at once, one before and one behind, would be drawn as one
  // step, and the list, which is told either that rows came before or that they did not, would lose its place.
  const dispatch = useCallback((step: Step) => flushSync(() => reach(step)), []);

  const open = useCallback(
    async (anchor: Anchor, goal: Goal, limit = PAGE) => {
      turn.current += 1;
      const mine = turn.current;
      busy.current = { older: true, newer: true };
      try {
        const page = await call(commands.messageList(chatId, anchor, limit));
        if (mine === turn.current) dispatch({ do: "open", page, goal });
      } catch (fault) {
        if (mine === turn.current) dispatch({ do: "fail", error: toAppError(fault) });
      }
    },
    [chatId, dispatch],
  );

  const more = useCallback(
    async (end: "older" | "newer") => {
      const cursor = now.current.loaded?.[end] ?? null;
      if (cursor === null || busy.current[end]) return;
      const mine = turn.current;
      busy.current[end] = true;
      try {
        const anchor: Anchor = { at: end === "older" ? "before" : "after", value: cursor };
        const page = await call(commands.messageList(chatId, anchor, PAGE));
        if (mine === turn.current) dispatch({ do: end === "older" ? "prepend" : "append", page });
      } catch (fault) {
        if (mine === turn.current) dispatch({ do: "fail", error: toAppError(fault) });
      }
    },
    [chatId, dispatch],
  );

  // A direction is free again when what it brought has been drawn, not when it arrived: in between, its
  // cursor is still the old one and the same page would be asked for twice.
  // biome-ignore lint/correctness/useExhaustiveDependencies: freed by every change of what is loaded
  useEffect(() => {
    busy.current = { older: false, newer: false };
  }, [state.loaded, state.error]);

  const refresh = useCallback(
    async (stuck: boolean, seenId: string | null) => {
      const { loaded } = now.current;
      const mine = turn.current;
      if (loaded === null) return;
      const list = (anchor: Anchor) => call(commands.messageList(chatId, anchor, PAGE));
      const last = loaded.messages.at(-1);
      const first = loaded.messages[0];
      // What was the beginning may have got older messages before it.
      if (loaded.older === null && first !== undefined) {
        const page = await list({ at: "around", value: first.id });
        if (mine !== turn.current) return;
        if (page.messages[0]?.id !== first.id) dispatch({ do: "prepend", page });
      }
      let newest: MessagePage | null = null;
      if (loaded.newer === null) {
        newest = await list({ at: "newest" });
        if (mine !== turn.current) return;
        if (last === undefined || (stuck && splice(loaded, newest) === null)) {
          dispatch({ do: "open", page: newest, goal: { to: "end" } });
          return;
        }
        const page = splice(loaded, newest) === null ? await list({ at: "around", value: last.id }) : newest;
        if (mine === turn.current) dispatch({ do: "splice", page });
      }
      // What is in view may have been edited, deleted or answered with a heart long after it was sent.
      if (seenId === null || newest?.messages.some((message) => message.id === seenId)) return;
      const page = await list({ at: "around", value: seenId });
      if (mine === turn.current) dispatch({ do: "splice", page });
    },
    [chatId, dispatch],
  );

  /** What was asked for and is still on its way is not wanted any more: what is here is where to go. */
  const stay = useCallback(() => {
    turn.current += 1;
    busy.current = { older: false, newer: false };
  }, []);

  const letGo = useCallback((end: "older" | "newer") => reach({ do: "trim", end }), []);

  return { ...state, open, stay, more, refresh, letGo };
}

/** Calls back when something in this chat changed. */
export function useChatChange(chatId: string, callback: () => void): void {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(
    () =>
      onChange((change) => {
        if (change.all || change.chats.has(chatId)) latest.current();
      }),
    [chatId],
  );
}

function reduce(state: State, step: Step): State {
  if (step.do === "open") {
    return { loaded: opened(step.page), shift: false, goal: step.goal, error: null };
  }
  if (step.do === "fail") return { ...state, error: step.error };
  if (state.loaded === null) return state;
  const still = { ...state, shift: false, error: null };
  switch (step.do) {
    case "prepend":
      return { ...still, loaded: prepend(state.loaded, step.page), shift: true };
    case "append":
      return { ...still, loaded: append(state.loaded, step.page) };
    case "splice":
      return { ...still, loaded: splice(state.loaded, step.page) ?? state.loaded };
    case "trim": {
      const loaded = trim(state.loaded, step.end);
      return loaded === state.loaded ? state : { ...still, loaded, shift: step.end === "older" };
    }
  }
}

// A list that does not move under the hand: while somebody points at it or goes through it with the keys, what
// comes changes the rows and not their places, and new chats wait. Who does nothing for a while has let go.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Chat } from "../bindings";

const RESTS = 10_000;

/** The chats of now in the places of before. What is gone goes; what is behind all of before comes behind it. */
export function steady(before: readonly Chat[], now: readonly Chat[]): readonly Chat[] {
  const places = new Map(now.map((chat, index) => [chat.id, index]));
  let last = -1;
  const held: Chat[] = [];
  for (const { id } of before) {
    const place = places.get(id);
    const chat = place === undefined ? undefined : now[place];
    if (chat === undefined || place === undefined) continue;
    held.push(chat);
    last = Math.max(last, place);
  }
  return [...held, ...now.slice(last + 1)];
}

/** Whether the list is held, what holds it, and what lets go of it. */
export function useHold() {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const letGo = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(false);
  }, []);
  const hold = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(false), RESTS);
    setHeld(true);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { held, hold, letGo };
}

/** The chats in the places that they have on the screen; `list` names what is listed. */
export function useSteady(chats: readonly Chat[], list: string, held: boolean): readonly Chat[] {
  const shown = useRef<{ list: string; chats: readonly Chat[] }>({ list, chats });
  const { current } = shown;
  if (current.list !== list || !held) shown.current = { list, chats };
  else if (current.chats !== chats) shown.current = { list, chats: steady(current.chats, chats) };
  return shown.current.chats;
}

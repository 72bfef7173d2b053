// Alt+↓ and Alt+↑ go from chat to chat, with Shift to the next unread one; Ctrl+Tab and Ctrl+PageDown do the
// same for the hands that know them from elsewhere; Ctrl+1 to 9 open the first nine; Esc closes the chat.
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import type { Chat } from "../bindings";

export function useChatKeys(chats: readonly Chat[], openId: string | undefined): void {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const go = (id: string | undefined) => {
        if (id === undefined) return;
        event.preventDefault();
        void navigate({ to: "/chats/$chatId", params: { chatId: id } });
      };
      const step = stepOf(event);
      if (step !== 0) {
        go(neighbour(chats, openId, step, event.altKey && event.shiftKey)?.id);
      } else if ((event.ctrlKey || event.metaKey) && !event.altKey && /^[1-9]$/.test(event.key)) {
        go(chats[Number(event.key) - 1]?.id);
      } else if (event.key === "Escape" && openId !== undefined && !isTyping(event.target)) {
        event.preventDefault();
        // Who came from the hits goes back to them.
        if (router.state.location.state.jump?.fromHits) router.history.back();
        else
          void navigate({ to: "/chats" }).then(() =>
            document.querySelector<HTMLElement>("[data-testid=chat-list]")?.focus(),
          );
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [chats, openId, navigate, router]);
}

/** The chat before or behind the open one; from none, the first or the last. */
export function neighbour(
  chats: readonly Chat[],
  openId: string | undefined,
  step: 1 | -1,
  unreadOnly: boolean,
): Chat | undefined {
  const here = chats.findIndex((chat) => chat.id === openId);
  const from = here === -1 ? (step === 1 ? 0 : chats.length - 1) : here + step;
  for (let index = from; index >= 0 && index < chats.length; index += step) {
    const chat = chats[index];
    if (chat !== undefined && (!unreadOnly || chat.unread > 0)) return chat;
  }
  return undefined;
}

function stepOf(event: KeyboardEvent): 1 | -1 | 0 {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === "ArrowDown") return 1;
    if (event.key === "ArrowUp") return -1;
  }
  if (event.ctrlKey && !event.altKey) {
    if (event.key === "Tab") return event.shiftKey ? -1 : 1;
    if (event.key === "PageDown") return 1;
    if (event.key === "PageUp") return -1;
  }
  return 0;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

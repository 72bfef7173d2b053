// From chat to chat by the keys, whatever has the focus.
import { useNavigate, useRouter } from "@tanstack/react-router";
import type { Chat } from "../bindings";
import { nth } from "../shortcuts/chord";
import { useShortcut } from "../shortcuts/use-shortcut";

export function useChatKeys(chats: readonly Chat[], openId: string | undefined): void {
  const navigate = useNavigate();
  const router = useRouter();
  const go = (chat: Chat | undefined) => {
    if (chat !== undefined) void navigate({ to: "/chats/$chatId", params: { chatId: chat.id } });
  };
  useShortcut("nextChat", () => go(neighbour(chats, openId, 1, false)));
  useShortcut("previousChat", () => go(neighbour(chats, openId, -1, false)));
  useShortcut("nextUnread", () => go(neighbour(chats, openId, 1, true)));
  useShortcut("previousUnread", () => go(neighbour(chats, openId, -1, true)));
  useShortcut("nthChat", (event) => go(chats[(nth(event) ?? 0) - 1]));
  useShortcut("close", () => {
    if (openId === undefined) return false;
    // Who came from the hits goes back to them.
    if (router.state.location.state.jump?.fromHits) router.history.back();
    else {
      void navigate({ to: "/chats" }).then(() =>
        document.querySelector<HTMLElement>("[data-testid=chat-list]")?.focus(),
      );
    }
  });
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

import { Outlet, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { Chat } from "../bindings";
import { ChatColumn } from "./chat-column";
import { useChatKeys } from "./chat-keys";

/** The list and the pane beside it; in a narrow window one of the two. */
export function ChatsPage() {
  const { chatId } = useParams({ strict: false });
  const [chats, setChats] = useState<readonly Chat[]>([]);
  useChatKeys(chats, chatId);
  const onChats = useCallback((listed: readonly Chat[]) => setChats(listed), []);
  return (
    <div className="grid h-full grid-cols-[332px_minmax(0,1fr)] max-[900px]:grid-cols-[272px_minmax(0,1fr)] narrow:grid-cols-1">
      <div
        data-pane="list"
        className={`h-full min-h-0 min-w-0 ${chatId === undefined ? "" : "narrow:hidden"}`}
      >
        <ChatColumn openId={chatId} onChats={onChats} />
      </div>
      <div
        data-pane="reader"
        className={`h-full min-h-0 min-w-0 ${chatId === undefined ? "narrow:hidden" : ""}`}
      >
        <Outlet />
      </div>
    </div>
  );
}

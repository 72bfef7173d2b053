import { Outlet, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Columns } from "../app/columns";
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
    <Columns
      list={<ChatColumn openId={chatId} onChats={onChats} />}
      pane={<Outlet />}
      paneName="reader"
      isOpen={chatId !== undefined}
    />
  );
}

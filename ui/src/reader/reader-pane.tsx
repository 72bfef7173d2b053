import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "@tanstack/react-router";
import { toAppError } from "../app/call";
import { chatQuery } from "../app/queries";
import { ErrorNote } from "../parts/error-note";
import { Reader } from "./reader";
import { ReaderHeader } from "./reader-header";

/** The pane of one open chat. */
export function ReaderPane() {
  const { chatId } = useParams({ from: "/chats/$chatId" });
  const chat = useQuery(chatQuery(chatId));
  const jump = useLocation({ select: ({ state }) => state.jump });
  const takesFocus = useLocation({
    select: ({ state }) => state.jump !== undefined || state.takesFocus === true,
  });
  return (
    <main className="flex h-full min-h-0 flex-col bg-bg">
      {chat.data !== undefined ? (
        <>
          <ReaderHeader chat={chat.data} fromHits={jump?.fromHits === true} />
          <Reader key={chatId} chat={chat.data} jump={jump} takesFocus={takesFocus} />
        </>
      ) : (
        chat.isError && (
          <div className="p-6">
            <ErrorNote fault={toAppError(chat.error)} onRetry={() => void chat.refetch()} />
          </div>
        )
      )}
    </main>
  );
}

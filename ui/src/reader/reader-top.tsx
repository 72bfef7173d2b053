import { Trans } from "@lingui/react/macro";
import type { Chat } from "../bindings";
import { KeptNote, useKeptPart } from "../keep/kept-note";
import { HistoryBar } from "./history-bar";
import type { HistoryControl } from "./use-history";

/** What stands above the first message that is loaded. */
export function ReaderTop({
  chat,
  hasOlder,
  oldest,
  control,
}: {
  chat: Chat;
  /** There are more on this computer. */
  hasOlder: boolean;
  oldest: number | null;
  control: HistoryControl;
}) {
  const part = useKeptPart(chat);
  if (hasOlder)
    return (
      <p>
        <Trans>Loading earlier messages…</Trans>
      </p>
    );
  if (part !== null) return <KeptNote chat={chat} rule={part} />;
  return <HistoryBar control={control} oldest={oldest} />;
}

/** In the place of the messages where there are none. */
export function NoMessages({ chat }: { chat: Chat }) {
  const part = useKeptPart(chat);
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 p-8 text-center text-ink-2">
      {part === null ? (
        <p>
          <Trans>No messages of this chat are on this computer.</Trans>
        </p>
      ) : (
        <KeptNote chat={chat} rule={part} />
      )}
    </div>
  );
}

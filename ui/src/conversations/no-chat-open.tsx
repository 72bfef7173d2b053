import { useQuery } from "@tanstack/react-query";
import { formatCount } from "../app/format";
import { statsQuery } from "../app/queries";

/** The pane before a chat was chosen. */
export function NoChatOpen() {
  const { data } = useQuery(statsQuery);
  return (
    <main className="grid h-full place-items-center bg-bg p-8 text-center text-ink-2">
      {data !== undefined && data.conversations > 0 && (
        <div>
          <p className="text-lg text-ink">Choose a chat to read</p>
          <p className="mt-1 text-sm">
            {formatCount(data.messages)} messages in {formatCount(data.conversations)} conversations are on
            this computer.
          </p>
        </div>
      )}
    </main>
  );
}

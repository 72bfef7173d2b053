import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { statsQuery } from "../app/queries";

/** The pane before a chat was chosen. */
export function NoChatOpen() {
  const { data } = useQuery(statsQuery);
  return (
    <main className="grid h-full place-items-center bg-bg p-8 text-center text-ink-2">
      {data !== undefined && data.conversations > 0 && (
        <div>
          <p className="text-lg text-ink">
            <Trans>Choose a chat to read</Trans>
          </p>
          <p className="mt-1 text-sm">
            <Trans>
              <Plural value={data.messages} one="# message" other="# messages" /> in{" "}
              <Plural value={data.conversations} one="# conversation" other="# conversations" /> on this
              computer.
            </Trans>
          </p>
        </div>
      )}
    </main>
  );
}

import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { statsQuery } from "../app/queries";
import { Icon } from "../parts/icon";

/** The pane before a chat was chosen, and before there is any. */
export function NoChatOpen() {
  const { data } = useQuery(statsQuery);
  return (
    <main className="grid h-full place-items-center bg-bg p-8 text-center text-ink-2">
      {data !== undefined && (
        <div>
          <Icon name="chat" className="mx-auto mb-3 size-9! text-ink-3" />
          {data.conversations > 0 ? (
            <>
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
            </>
          ) : (
            <>
              <p className="text-lg text-ink">
                <Trans>Your chats will be read here</Trans>
              </p>
              <p className="mt-1 mb-4 max-w-[44ch] text-sm">
                <Trans>
                  Exports and backups that you have already can be brought in now; a server’s come by
                  themselves.
                </Trans>
              </p>
              <Link to="/import" className="btn">
                <Trans>Import what I have</Trans>
              </Link>
            </>
          )}
        </div>
      )}
    </main>
  );
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ChatFilter } from "../bindings";
import { useSync } from "../sync/store";

const NONE: Readonly<Record<ChatFilter, MessageDescriptor>> = {
  all: msg`No chats.`,
  unread: msg`Nothing unread.`,
  groups: msg`No groups here.`,
  archived: msg`Nothing is archived.`,
};

/** A list without chats says why, and what to do about it. */
export function EmptyList({
  filter,
  text,
  onClear,
}: {
  filter: ChatFilter | null;
  text: string;
  onClear: () => void;
}) {
  const { phase } = useSync();
  if (text !== "" || filter !== null) {
    return (
      <div className="px-6 py-10 text-center text-sm text-ink-2">
        <p className="mb-3 wrap-anywhere">
          {text === "" ? (
            filter !== null && i18n._(NONE[filter])
          ) : filter === null ? (
            <Trans>
              No chat is called “<bdi>{text}</bdi>”.
            </Trans>
          ) : (
            <Trans>
              No chat is called “<bdi>{text}</bdi>” in this part of the list.
            </Trans>
          )}
        </p>
        <button type="button" className="btn small" onClick={onClear}>
          <Trans>Show all chats</Trans>
        </button>
      </div>
    );
  }
  return (
    <div className="px-6 py-10 text-center text-sm text-ink-2">
      {phase === "idle" ? (
        <>
          <p className="mb-1 text-md font-semibold text-ink">
            <Trans>No chats yet</Trans>
          </p>
          <p className="mb-3">
            <Trans>Nothing has been brought here so far. Syncing brings what the server has.</Trans>
          </p>
          <Link to="/sync" className="btn">
            <Trans>Go to Sync</Trans>
          </Link>
        </>
      ) : (
        <p>
          <Trans>The first chats are on their way.</Trans>
        </p>
      )}
    </div>
  );
}

/** Only ever seen before the very first answer. */
export function ListSkeleton() {
  return (
    <div aria-hidden="true" className="px-5 py-2">
      {Array.from({ length: 9 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nine grey shapes, none of which is anything
        <div key={index} className="flex items-center gap-3 py-2.25">
          <span className="size-11 rounded-full bg-sunken" />
          <span className="flex-1">
            <span className="mb-2 block h-3 w-2/5 rounded bg-sunken" />
            <span className="block h-2.5 w-4/5 rounded bg-sunken" />
          </span>
        </div>
      ))}
    </div>
  );
}

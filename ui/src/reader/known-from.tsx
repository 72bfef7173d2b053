import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { toAppError } from "../app/call";
import { brief } from "../app/errors";
import { formatDate, formatList } from "../app/format";
import { messageSourcesQuery } from "../app/queries";
import type { Import, MessageSource } from "../bindings";
import { formatName } from "../import/formats";

/** By whom a message is known: the linked account and each import that holds it. Its server knows; here is how it first came. */
export function KnownFrom({ chatId, id, first }: { chatId: string; id: string; first: string }) {
  const sources = useQuery(messageSourcesQuery(chatId, id));
  const known = sources.data ?? [];
  return (
    <div data-testid="known-from" aria-busy={sources.isPending}>
      <dt>
        <Trans>Known from</Trans>
      </dt>
      <dd>
        {known.length === 0 ? (
          wayName(first)
        ) : (
          <ul className="flex flex-col gap-1.5">
            {known.map((source, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an import may know a message twice, and the list never moves
              <li key={index} data-testid="known-source">
                <Source source={source} />
              </li>
            ))}
          </ul>
        )}
        {sources.isError && (
          <small className="block text-sm text-ink-2" data-testid="sources-unknown">
            <Trans>Whether an import has it too, only its server can say.</Trans>{" "}
            {brief(toAppError(sources.error))}
          </small>
        )}
      </dd>
    </div>
  );
}

function Source({ source: { way, import: brought, is_loose } }: { source: MessageSource }) {
  return (
    <>
      <bdi>{brought === null ? wayName(way ?? "") : formatsOf(brought)}</bdi>
      {brought !== null && (
        <small className="block text-sm text-ink-2">
          <Trans>
            <bdi className="wrap-anywhere">{formatList(brought.files, "unit")}</bdi>, imported on{" "}
            {formatDate(brought.begun_at)}
          </Trans>
        </small>
      )}
      {is_loose && (
        <small className="block text-sm text-ink-2">
          <Trans>Told by its words and its minute: there it has no number of its own.</Trans>
        </small>
      )}
    </>
  );
}

function formatsOf(brought: Import): string {
  const names = brought.formats.map(formatName);
  return names.length === 0 ? t`A file that was imported` : formatList(names);
}

/** How the linked account came to tell of a message. */
function wayName(way: string): string {
  switch (way) {
    case "realtime":
      return t`Live, as it was sent`;
    case "history_sync":
      return t`The history that came when the phone was linked`;
    case "backfill":
      return t`A request for older messages`;
    case "import":
      return t`A file that was imported`;
    default:
      return way;
  }
}

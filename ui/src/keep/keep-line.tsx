import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { selectionQuery } from "./queries";
import { selectionWords } from "./words";

/** What is kept of an account, as one line that leads to where it is chosen. */
export function KeepLine({ accountId, name }: { accountId: string; name: string }) {
  const kept = useQuery(selectionQuery(accountId));
  if (kept.data === undefined) return null;
  return (
    <span className="block text-ink-2">
      {kept.data.pending ? (
        <Trans>Kept here: {selectionWords(kept.data)} (not all here yet)</Trans>
      ) : (
        <Trans>Kept here: {selectionWords(kept.data)}</Trans>
      )}
      {" · "}
      <Link
        to="/sync/keep/$accountId"
        params={{ accountId }}
        data-testid="keep-open"
        className="link"
        aria-label={t`Change what is kept here of ${name}`}
      >
        <Trans>Change</Trans>
      </Link>
    </span>
  );
}

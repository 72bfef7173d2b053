import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { toAppError } from "../app/call";
import { appStateQuery } from "../app/queries";
import { accountName, serverName } from "../parts/account-names";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { KeepForm } from "./keep-form";
import { selectionQuery } from "./queries";

/** What of an account is kept on this computer: which chats, how far back, with media or without. */
export function KeepPage() {
  const { accountId } = useParams({ from: "/sync/keep/$accountId" });
  const app = useQuery(appStateQuery);
  const kept = useQuery(selectionQuery(accountId));
  const account = app.data?.accounts.find((each) => each.id === accountId);
  const inside = account?.server === "";
  const heading = (
    <header className="mx-auto flex w-full max-w-[760px] items-start gap-2">
      <Link
        to="/sync"
        aria-label={t`Back to Sync`}
        className="-ms-2 grid size-8 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
      >
        <Icon name="back" />
      </Link>
      <div className="min-w-0">
        <h1>
          <Trans>What is kept here</Trans>
        </h1>
        {account !== undefined && (
          <p className="text-ink-2">
            <bdi className="block font-semibold wrap-anywhere">{accountName(account)}</bdi>
            {inside ? (
              <Trans>
                What is not kept here stays with the server inside Threadkeep and can be brought back at any
                time.
              </Trans>
            ) : (
              <Trans>
                What is not kept here stays on <bdi>{serverName(account)}</bdi> and can be brought back at any
                time.
              </Trans>
            )}
          </p>
        )}
      </div>
    </header>
  );
  if (kept.data === undefined) {
    return (
      <main data-pane="page" className="relative h-full overflow-y-auto">
        <div className="flex flex-col gap-4.5 px-10 py-7 narrow:px-4 narrow:py-5" aria-busy={kept.isPending}>
          {heading}
          {kept.isError && (
            <div className="mx-auto w-full max-w-[760px]">
              <ErrorNote fault={toAppError(kept.error)} onRetry={() => void kept.refetch()} />
            </div>
          )}
        </div>
      </main>
    );
  }
  return (
    <KeepForm
      // What is kept changed elsewhere: whoever is in the middle of choosing goes on from what they see.
      key={accountId}
      kept={kept.data}
      heading={heading}
      inside={inside}
      following={account?.link.state === "following" || account?.link.state === "polling"}
    />
  );
}

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { toAppError } from "../app/call";
import { sentence } from "../app/errors";
import { formatList } from "../app/format";
import { appStateQuery, runsQuery, statsQuery } from "../app/queries";
import { ImportCard } from "../import/import-card";
import { accountName } from "../parts/account-names";
import { ErrorNote } from "../parts/error-note";
import { AccountsCard } from "./accounts-card";
import { ConnectDialog } from "./connect-dialog";
import { ProgressCard } from "./progress-card";
import { RunsCard } from "./runs-card";
import { StatsCard } from "./stats-card";
import { cancelSync, type SyncState, startSync, useSync } from "./store";
import { VerifyCard } from "./verify-card";
import { useVerify } from "./verify-store";

/** How often a sync that this window did not start is asked about. */
const ASK_AGAIN = 1_000;

/** One button, true bars, what is here, and what went wrong in words. */
export function SyncPage() {
  const sync = useSync();
  const verifying = useVerify().phase !== "idle";
  const [connecting, setConnecting] = useState(false);
  const app = useQuery({
    ...appStateQuery,
    refetchInterval: (query) => (query.state.data?.syncing && sync.phase === "idle" ? ASK_AGAIN : false),
  });
  const stats = useQuery(statsQuery);
  const runs = useQuery(runsQuery);
  const accounts = app.data?.accounts ?? [];
  const elsewhere = sync.phase === "idle" && !verifying && (app.data?.syncing ?? false);
  const running = sync.phase !== "idle" || elsewhere;
  const nameOf = (id: string) => {
    const account = accounts.find((each) => each.id === id);
    return account === undefined ? undefined : accountName(account);
  };
  const connect = () => setConnecting(true);

  // A run of a window that was reloaded ends without a word to this one.
  const { refetch: refetchStats } = stats;
  const { refetch: refetchRuns } = runs;
  useEffect(() => {
    if (elsewhere) return;
    void refetchStats();
    void refetchRuns();
  }, [elsewhere, refetchStats, refetchRuns]);

  return (
    <main data-pane="page" className="relative h-full overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1120px] flex-col gap-4.5 px-10 py-7 narrow:px-4 narrow:py-5">
        <header className="flex flex-wrap items-center gap-x-3.5 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <h1>
              <Trans>Sync</Trans>
            </h1>
            <p className="text-ink-2">
              <Trans>Everything you can read here is on this computer. Syncing brings what is new.</Trans>
            </p>
          </div>
          {running ? (
            <button
              type="button"
              data-testid="sync-cancel"
              className="btn large"
              disabled={sync.phase === "cancelling"}
              onClick={() => void cancelSync()}
            >
              {sync.phase === "cancelling" ? t`Stopping…` : t`Cancel`}
            </button>
          ) : (
            <button
              type="button"
              data-testid="sync-all"
              className="btn primary large"
              disabled={verifying}
              onClick={() => void startSync()}
            >
              <Trans>Sync All Data</Trans>
            </button>
          )}
        </header>

        {elsewhere && (
          <p role="status" className="card text-sm text-ink-2">
            <Trans>A sync is running that was started before this window was opened.</Trans>
          </p>
        )}
        <ProgressCard sync={sync} nameOf={nameOf} />
        <Outcome sync={sync} nameOf={nameOf} onConnect={connect} />

        <div className="grid grid-cols-[1.35fr_1fr] items-start gap-4.5 max-[980px]:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-4.5">
            <RunsCard runs={runs.data} nameOf={nameOf} severalAccounts={accounts.length > 1} />
          </div>
          <div className="flex min-w-0 flex-col gap-4.5">
            {stats.isError ? (
              <ErrorNote fault={toAppError(stats.error)} onRetry={() => void stats.refetch()} />
            ) : (
              <StatsCard stats={stats.data} />
            )}
            <ImportCard />
            <AccountsCard accounts={accounts} disabled={running || verifying} onConnect={connect} />
            {accounts.length > 0 && <VerifyCard disabled={running} nameOf={nameOf} />}
          </div>
        </div>
      </div>
      <ConnectDialog open={connecting} onOpenChange={setConnecting} />
    </main>
  );
}

/** What came of the last run of this window. */
function Outcome({
  sync,
  nameOf,
  onConnect,
}: {
  sync: SyncState;
  nameOf: (id: string) => string | undefined;
  onConnect: () => void;
}) {
  if (sync.phase !== "idle") return null;
  const retry = () => void startSync();
  const { error, reports } = sync;
  if (error !== null) return <ErrorNote fault={error} onRetry={retry} onConnect={onConnect} />;
  if (reports === null) return null;
  const faults = reports.flatMap((report) =>
    report.errors
      .filter((problem) => problem.code !== "cancelled")
      .map((problem, index) => ({
        key: `${report.account_id} ${index}`,
        account: report.account_id,
        problem,
      })),
  );
  const fresh = reports.reduce((sum, report) => sum + report.saved, 0);
  const changed = reports.reduce((sum, report) => sum + report.updated, 0);
  const stopped = reports.some((report) => report.outcome === "cancelled");
  return (
    <>
      {faults.map(({ key, account, problem }) => (
        <ErrorNote
          key={key}
          fault={problem}
          who={nameOf(account)}
          onRetry={() => void startSync(account)}
          onConnect={onConnect}
        />
      ))}
      {faults.length === 0 && (
        <div
          role="status"
          data-testid="sync-outcome"
          className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-[12px] bg-accent-soft px-3.5 py-3 text-sm"
        >
          <span className="min-w-0 flex-1 basis-64">
            <strong className="block font-semibold">
              {stopped ? t`The sync was stopped` : t`Up to date`}
            </strong>
            {fresh + changed === 0
              ? t`Nothing new was found.`
              : sentence(
                  formatList([
                    plural(fresh, { one: "# new row", other: "# new rows" }),
                    plural(changed, { one: "# change", other: "# changes" }),
                  ]),
                )}{" "}
            {stopped && <Trans>What had come is kept; the next sync goes on from there.</Trans>}
          </span>
          {!stopped && (
            <Link to="/chats" className="btn">
              <Trans>Read the chats</Trans>
            </Link>
          )}
        </div>
      )}
    </>
  );
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { entryFor, told } from "../app/errors";
import { formatCount, formatDuration, formatMoment, formatRunTime } from "../app/format";
import type { Outcome, Run } from "../bindings";
import { useNow } from "../parts/use-now";

const MODES: Readonly<Record<string, MessageDescriptor>> = {
  full: msg`Sync All Data`,
  manual: msg`Sync All Data`,
  incremental: msg`Sync All Data`,
  auto: msg`Automatic`,
  automatic: msg`Automatic`,
  timer: msg`Automatic`,
  start: msg`At start`,
  live: msg`Live`,
  backfill: msg`History`,
  import: msg`Import`,
  verify: msg`Verify`,
};

const RESULTS: Readonly<Record<Outcome, { words: MessageDescriptor; tone: string }>> = {
  running: { words: msg`Running`, tone: "text-accent" },
  completed: { words: msg`Complete`, tone: "text-good" },
  partial: { words: msg`In part`, tone: "text-warn" },
  cancelled: { words: msg`Stopped`, tone: "text-ink-2" },
  failed: { words: msg`Failed`, tone: "text-bad" },
  interrupted: { words: msg`Cut short`, tone: "text-warn" },
};

/** The log of runs, newest first. */
export function RunsCard({
  runs,
  nameOf,
  severalAccounts,
}: {
  runs: readonly Run[] | undefined;
  nameOf: (id: string) => string | undefined;
  severalAccounts: boolean;
}) {
  const now = useNow();
  return (
    <section className="card" aria-label={t`Last runs`}>
      <header>
        <h2>
          <Trans>Last runs</Trans>
        </h2>
      </header>
      {runs !== undefined && runs.length === 0 ? (
        <p className="text-sm text-ink-2">
          <Trans>Nothing was synced yet.</Trans>
        </p>
      ) : (
        <div className="overflow-x-auto">
          <table data-testid="runs-table" className="runs">
            <thead>
              <tr>
                <th scope="col">
                  <Trans>When</Trans>
                </th>
                <th scope="col" className="narrow:hidden">
                  {severalAccounts ? t`Account` : t`What`}
                </th>
                <th scope="col" className="num">
                  <Trans>New</Trans>
                </th>
                <th scope="col" className="num narrow:hidden">
                  <Trans>Changed</Trans>
                </th>
                <th scope="col" className="num narrow:hidden">
                  <Trans>Took</Trans>
                </th>
                <th scope="col">
                  <Trans>Result</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {runs?.map((run) => (
                <tr key={run.id} data-testid="run-row" data-outcome={run.outcome}>
                  <td title={formatMoment(run.started_at)}>{formatRunTime(run.started_at, now)}</td>
                  <td className="narrow:hidden">
                    {severalAccounts ? (nameOf(run.account_id) ?? t`Removed`) : modeWords(run.mode)}
                  </td>
                  <td className="num">{formatCount(run.saved)}</td>
                  <td className="num narrow:hidden">{formatCount(run.updated)}</td>
                  <td className="num narrow:hidden">
                    {run.outcome === "running" ? "" : formatDuration(run.duration_ms)}
                  </td>
                  <td className={RESULTS[run.outcome].tone} title={detail(run)}>
                    {result(run)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The outcome, or why, where one reason tells more. */
function result(run: Run): string {
  const [only, ...others] = run.errors;
  if (run.outcome === "failed" && only !== undefined && others.length === 0)
    return entryFor(only.code).headline;
  return i18n._(RESULTS[run.outcome].words);
}

function modeWords(mode: string): string {
  const words = MODES[mode];
  return words === undefined ? t`Sync` : i18n._(words);
}

function detail(run: Run): string | undefined {
  return run.errors.length === 0 ? undefined : run.errors.map(told).join("\n");
}

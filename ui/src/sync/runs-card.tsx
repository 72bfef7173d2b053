import { entryFor, sentence } from "../app/errors";
import { formatCount, formatDuration, formatMoment, formatRunTime } from "../app/format";
import type { Outcome, Run } from "../bindings";
import { useNow } from "../parts/use-now";

const MODES: Readonly<Record<string, string>> = {
  full: "Sync All Data",
  manual: "Sync All Data",
  incremental: "Sync All Data",
  auto: "Automatic",
  automatic: "Automatic",
  timer: "Automatic",
  start: "At start",
  live: "Live",
  backfill: "History",
  import: "Import",
  verify: "Verify",
};

const RESULTS: Readonly<Record<Outcome, { words: string; tone: string }>> = {
  running: { words: "Running", tone: "text-accent" },
  completed: { words: "Complete", tone: "text-good" },
  partial: { words: "In part", tone: "text-warn" },
  cancelled: { words: "Stopped", tone: "text-ink-2" },
  failed: { words: "Failed", tone: "text-bad" },
  interrupted: { words: "Cut short", tone: "text-warn" },
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
    <section className="card" aria-label="Last runs">
      <header>
        <h2>Last runs</h2>
      </header>
      {runs !== undefined && runs.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing was synced yet.</p>
      ) : (
        <div className="overflow-x-auto">
          <table data-testid="runs-table" className="runs">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col" className="narrow:hidden">
                  {severalAccounts ? "Account" : "What"}
                </th>
                <th scope="col" className="num">
                  New
                </th>
                <th scope="col" className="num">
                  Changed
                </th>
                <th scope="col" className="num">
                  Took
                </th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {runs?.map((run) => (
                <tr key={run.id} data-testid="run-row" data-outcome={run.outcome}>
                  <td title={formatMoment(run.started_at)}>{formatRunTime(run.started_at, now)}</td>
                  <td className="narrow:hidden">
                    {severalAccounts ? (nameOf(run.account_id) ?? "Removed") : (MODES[run.mode] ?? "Sync")}
                  </td>
                  <td className="num">{formatCount(run.saved)}</td>
                  <td className="num">{formatCount(run.updated)}</td>
                  <td className="num">{run.outcome === "running" ? "" : formatDuration(run.duration_ms)}</td>
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
  return RESULTS[run.outcome].words;
}

function detail(run: Run): string | undefined {
  return run.errors.length === 0 ? undefined : run.errors.map((each) => sentence(each.message)).join("\n");
}

import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Account, ImportReport } from "../bindings";
import { accountName } from "../parts/account-names";
import { ErrorNote } from "../parts/error-note";

/** What came of an import. */
export function Done({ report, accounts }: { report: ImportReport; accounts: readonly Account[] }) {
  const account = accounts.find(({ id }) => id === report.account_id);
  const errors = report.errors.filter(({ code }) => code !== "cancelled");
  return (
    <>
      {errors.map((problem) => (
        <ErrorNote key={problem.message} fault={problem} testId="import-error" />
      ))}
      <div
        role="status"
        data-testid="import-done"
        data-outcome={report.outcome}
        data-saved={report.saved}
        data-known={report.known}
        className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-[12px] bg-accent-soft px-3.5 py-3 text-sm"
      >
        <div className="min-w-0 flex-1 basis-64">
          <strong className="block font-semibold">{headline(report)}</strong>
          {account !== undefined && (
            <Trans>
              In <bdi className="wrap-anywhere">{accountName(account)}</bdi>.
            </Trans>
          )}{" "}
          {details(report)}
        </div>
        <Link to="/chats" className="btn">
          <Trans>Read the chats</Trans>
        </Link>
      </div>
    </>
  );
}

function headline({ outcome, saved, changed, messages }: ImportReport): string {
  if (outcome === "cancelled") return t`The import was stopped`;
  if (outcome !== "completed") return t`Not everything could be brought in`;
  if (saved + changed === 0) return t`Everything was here already`;
  return plural(messages, { one: "# message was imported", other: "# messages were imported" });
}

function details({ outcome, saved, changed, files, faults }: ImportReport): string {
  const parts: string[] = [];
  if (outcome === "completed" && saved + changed === 0) parts.push(t`Nothing was changed.`);
  if (files > 0)
    parts.push(plural(files, { one: "With # photo or file.", other: "With # photos and files." }));
  if (faults > 0) {
    parts.push(plural(faults, { one: "# place was left out.", other: "# places were left out." }));
  }
  if (outcome !== "completed") {
    parts.push(t`What has come stays. Import the same again to go on from there.`);
  }
  return parts.join(" ");
}

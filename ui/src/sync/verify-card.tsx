import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { formatCount } from "../app/format";
import type { VerifyProgress, VerifyReport } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { cancelVerify, startVerify, useVerify } from "./verify-store";

const STREAMS: Readonly<Record<string, MessageDescriptor>> = {
  conversations: msg`conversations`,
  messages: msg`messages`,
  contacts: msg`contacts`,
  participants: msg`group members`,
  media: msg`files`,
  receipts: msg`receipts`,
};

/** Compares what is here with the servers, and says what was mended. */
export function VerifyCard({
  disabled,
  nameOf,
}: {
  /** Something else runs. */
  disabled: boolean;
  nameOf: (id: string) => string | undefined;
}) {
  const verify = useVerify();
  const [full, setFull] = useState(false);
  const running = verify.phase !== "idle";
  return (
    <section className="card" aria-label={t`Verify`} aria-busy={running}>
      <header>
        <h2>
          <Trans>Verify</Trans>
        </h2>
      </header>
      <p className="text-sm text-ink-2">
        <Trans>
          Compares everything here with the server and mends what differs. Nothing that is only here is lost.
        </Trans>
      </p>
      <label className="mt-2.5 flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          data-testid="verify-full"
          className="mt-0.5"
          checked={full}
          disabled={running || disabled}
          onChange={(event) => setFull(event.target.checked)}
        />
        <span>
          <Trans>Compare every text too</Trans>
          <span className="block text-ink-2">
            <Trans>Finds altered texts; reads everything again.</Trans>
          </span>
        </span>
      </label>
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        {running ? (
          <button
            type="button"
            data-testid="verify-cancel"
            className="btn"
            disabled={verify.phase === "cancelling"}
            onClick={() => void cancelVerify()}
          >
            {verify.phase === "cancelling" ? t`Stopping…` : t`Stop`}
          </button>
        ) : (
          <button
            type="button"
            data-testid="verify-start"
            className="btn"
            disabled={disabled}
            onClick={() => void startVerify(full)}
          >
            <Trans>Verify</Trans>
          </button>
        )}
        {running && <Doing progress={verify.progress} nameOf={nameOf} />}
      </div>
      {!running && <Result onRetry={() => void startVerify(full)} nameOf={nameOf} />}
    </section>
  );
}

/** What it does just now, in words and, where the end is known, as a bar. */
function Doing({
  progress,
  nameOf,
}: {
  progress: VerifyProgress | null;
  nameOf: (id: string) => string | undefined;
}) {
  if (progress === null) {
    return (
      <p role="status" data-testid="verify-progress" className="text-sm text-ink-2">
        <Trans>Starting…</Trans>
      </p>
    );
  }
  const name = nameOf(progress.account_id);
  const waits = progress.retry_in !== null;
  const words = waits ? t`The server does not answer; it is asked again soon.` : doing(progress);
  const { done, total } = progress;
  const known = !waits && total !== null && total > 0 && done > 0;
  return (
    <div className="min-w-0 flex-1 basis-40 text-sm text-ink-2">
      <p role="status" data-testid="verify-progress">
        {name === undefined ? words : t`${name}: ${words}`}
      </p>
      {known && (
        <progress
          className="mt-1 block h-1.5 w-full accent-accent"
          max={total}
          value={done}
          aria-label={t`${formatCount(done)} of ${formatCount(total)}`}
        />
      )}
    </div>
  );
}

function doing({ phase, stream }: VerifyProgress): string {
  const known = STREAMS[stream];
  const what = known === undefined ? stream : i18n._(known);
  if (phase === "pulling") return t`Bringing in new ${what}…`;
  return phase === "mending" ? t`Reading again: ${what}…` : t`Comparing ${what}…`;
}

/** What came of the last comparison, one sentence an account. */
function Result({ onRetry, nameOf }: { onRetry: () => void; nameOf: (id: string) => string | undefined }) {
  const { reports, error } = useVerify();
  if (error !== null) {
    return (
      <div className="mt-3">
        <ErrorNote fault={error} onRetry={onRetry} testId="verify-error" />
      </div>
    );
  }
  if (reports === null) return null;
  const several = reports.length > 1;
  return (
    <div className="mt-3 flex flex-col gap-2.5">
      {reports.map((report) => (
        <div key={report.account_id} className="flex flex-col gap-2.5">
          {report.errors.map((problem) => (
            <ErrorNote
              key={problem.message}
              fault={problem}
              who={several ? nameOf(report.account_id) : undefined}
              onRetry={onRetry}
              testId="verify-error"
            />
          ))}
          {(report.streams.length > 0 || report.errors.length === 0) && (
            <div
              role="status"
              data-testid="verify-result"
              data-sound={report.sound}
              data-mended={report.mended}
              data-removed={report.removed}
              data-only-here={report.only_here}
              className="rounded-[12px] bg-accent-soft px-3.5 py-3 text-sm"
            >
              <strong className="block font-semibold">{headline(report, several, nameOf)}</strong>
              {details(report)}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

export function headline(
  report: VerifyReport,
  several: boolean,
  nameOf: (id: string) => string | undefined,
): string {
  const words =
    report.outcome === "cancelled"
      ? t`The comparison was stopped`
      : !report.sound
        ? t`Not everything could be compared`
        : report.mended + report.removed === 0
          ? t`Everything here is as on the server`
          : plural(report.mended + report.removed, { one: "# row mended", other: "# rows mended" });
  const name = several ? nameOf(report.account_id) : undefined;
  return name === undefined ? words : t`${name}: ${words}`;
}

export function details(report: VerifyReport): string {
  const rows = report.streams.reduce((sum, stream) => sum + stream.rows, 0);
  const parts = [plural(rows, { one: "# row was compared.", other: "# rows were compared." })];
  if (report.removed > 0) {
    parts.push(
      plural(report.removed, {
        one: "# row that the server never had was removed.",
        other: "# rows that the server never had were removed.",
      }),
    );
  }
  if (report.only_here > 0) {
    parts.push(
      plural(report.only_here, {
        one: "# row that the server lost is kept here.",
        other: "# rows that the server lost are kept here.",
      }),
    );
  }
  if (report.outcome === "cancelled") parts.push(t`What was mended stays mended.`);
  return parts.join(" ");
}

import { useState } from "react";
import { formatCount, plural } from "../app/format";
import type { VerifyProgress, VerifyReport } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { cancelVerify, startVerify, useVerify } from "./verify-store";

const STREAMS: Readonly<Record<string, string>> = {
  conversations: "conversations",
  messages: "messages",
  contacts: "contacts",
  participants: "group members",
  media: "files",
  receipts: "receipts",
};

const PHASES: Readonly<Record<string, string>> = {
  pulling: "Bringing in new",
  comparing: "Comparing",
  mending: "Reading again:",
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
    <section className="card" aria-label="Verify" aria-busy={running}>
      <header>
        <h2>Verify</h2>
      </header>
      <p className="text-sm text-ink-2">
        Compares everything here with the server and mends what differs. Nothing that is only here is lost.
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
          Compare every text too
          <span className="block text-ink-2">Finds altered texts; reads everything again.</span>
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
            {verify.phase === "cancelling" ? "Stopping…" : "Stop"}
          </button>
        ) : (
          <button
            type="button"
            data-testid="verify-start"
            className="btn"
            disabled={disabled}
            onClick={() => void startVerify(full)}
          >
            Verify
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
        Starting…
      </p>
    );
  }
  const name = nameOf(progress.account_id);
  const waits = progress.retry_in !== null;
  const words = waits
    ? "The server does not answer; it is asked again soon."
    : `${PHASES[progress.phase] ?? "Comparing"} ${STREAMS[progress.stream] ?? progress.stream}…`;
  const { done, total } = progress;
  const known = !waits && total !== null && total > 0 && done > 0;
  return (
    <div className="min-w-0 flex-1 basis-40 text-sm text-ink-2">
      <p role="status" data-testid="verify-progress">
        {name === undefined ? words : `${name}: ${words}`}
      </p>
      {known && (
        <progress
          className="mt-1 block h-1.5 w-full accent-accent"
          max={total}
          value={done}
          aria-label={`${formatCount(done)} of ${formatCount(total)}`}
        />
      )}
    </div>
  );
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
      ? "The comparison was stopped"
      : !report.sound
        ? "Not everything could be compared"
        : report.mended + report.removed === 0
          ? "Everything here is as on the server"
          : `${plural(report.mended + report.removed, "row", "rows")} mended`;
  const name = several ? nameOf(report.account_id) : undefined;
  return name === undefined ? words : `${name}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

export function details(report: VerifyReport): string {
  const rows = report.streams.reduce((sum, stream) => sum + stream.rows, 0);
  const parts = [`${plural(rows, "row was", "rows were")} compared.`];
  if (report.removed > 0) {
    parts.push(
      `${plural(report.removed, "row", "rows")} that the server never had ${report.removed === 1 ? "was" : "were"} removed.`,
    );
  }
  if (report.only_here > 0) {
    parts.push(
      `${plural(report.only_here, "row", "rows")} that the server lost ${report.only_here === 1 ? "is" : "are"} kept here.`,
    );
  }
  if (report.outcome === "cancelled") parts.push("What was mended stays mended.");
  return parts.join(" ");
}

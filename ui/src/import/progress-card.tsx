import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { formatCount } from "../app/format";
import type { ImportProgress } from "../bindings";
import { cancelImport, isImporting, leaveImport, useImport } from "./store";

/** What is done just now, how far it is, and the button that ends it. */
export function ProgressCard() {
  const given = useImport();
  const { phase, progress } = given;
  const running = isImporting(given);
  const total = progress?.total ?? 0;
  const part = total > 0 ? Math.min(1, (progress?.done ?? 0) / total) : null;
  const words = running ? doing(progress) : t`Looking into the files`;
  return (
    <section className="card" aria-label={t`Progress`} aria-busy="true" data-testid="import-progress">
      <header className="flex-wrap">
        <h2>{words}</h2>
        <small className="ms-auto text-sm text-ink-2">
          <Plural value={progress?.messages ?? 0} one="# message" other="# messages" />
        </small>
      </header>
      <div
        role="progressbar"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(part !== null && { "aria-valuenow": Math.round(part * 100) })}
        className="bar-track"
      >
        <div
          className={`bar-fill ${part === null ? "unknown" : ""}`}
          style={part === null ? undefined : { width: `${part * 100}%` }}
        />
      </div>
      <div className="mt-3.5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-56 text-sm text-ink-2">
          {running ? (
            <Trans>You can read on meanwhile. What has come stays if you stop.</Trans>
          ) : (
            <Trans>Nothing is brought in yet.</Trans>
          )}
        </p>
        <button
          type="button"
          data-testid="import-cancel"
          className="btn"
          disabled={phase === "cancelling"}
          onClick={() => void (running ? cancelImport() : leaveImport())}
        >
          {phase === "cancelling" ? <Trans>Stopping…</Trans> : <Trans>Cancel</Trans>}
        </button>
      </div>
    </section>
  );
}

function doing(progress: ImportProgress | null): string {
  switch (progress?.phase) {
    case "checking":
      return t`Reading the files to their end`;
    case "files":
      return t`Bringing in photos and files: ${formatCount(progress.done)} of ${formatCount(progress.total)}`;
    case "syncing":
      return t`Adding it to your chats`;
    default:
      return t`Bringing in messages`;
  }
}

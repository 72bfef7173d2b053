import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { formatCount } from "../app/format";
import { commands, type ExportProgress, type ExportReport } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { notify } from "../parts/notice";
import { askExportAgain, cancelExport, dismissExport, useExport } from "./store";

/** How the export goes, on every page, and what came of it until the person has seen that. */
export function ExportBar() {
  const { phase, progress, report, error, asking } = useExport();
  if (asking !== null) return null;
  if (phase === "running" || phase === "cancelling") {
    return (
      <Strip>
        <Doing progress={progress} isStopping={phase === "cancelling"} />
      </Strip>
    );
  }
  if (error !== null) {
    return (
      <Strip>
        <div className="min-w-0 flex-1">
          <ErrorNote fault={error} onRetry={askExportAgain} testId="export-error" />
        </div>
        <Dismiss />
      </Strip>
    );
  }
  if (report !== null) {
    return (
      <Strip>
        <Done report={report} />
      </Strip>
    );
  }
  return null;
}

function Strip({ children }: { children: ReactNode }) {
  return (
    <aside
      aria-label={t`Export`}
      data-testid="export-bar"
      className="flex flex-none flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-surface px-5 py-2 text-sm narrow:px-3"
    >
      {children}
    </aside>
  );
}

function Doing({ progress, isStopping }: { progress: ExportProgress | null; isStopping: boolean }) {
  const { done, total } = progress ?? { done: 0, total: 0 };
  const [written, all] = [formatCount(done), formatCount(total)];
  return (
    <>
      <div className="min-w-0 flex-1 basis-48">
        <span data-testid="export-progress">
          <Trans>
            Exporting: {written} of {all} messages
          </Trans>
        </span>
        <div
          role="progressbar"
          aria-label={t`Export`}
          aria-valuemin={0}
          aria-valuenow={done}
          aria-valuemax={total}
          aria-valuetext={t`${written} of ${all} messages`}
          className="bar-track mt-1.5"
        >
          <div className="bar-fill" style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
        </div>
      </div>
      <button
        type="button"
        data-testid="export-cancel"
        className="btn"
        disabled={isStopping}
        onClick={() => void cancelExport()}
      >
        {isStopping ? <Trans>Stopping…</Trans> : <Trans>Cancel</Trans>}
      </button>
    </>
  );
}

function Done({ report }: { report: ExportReport }) {
  const go = (asked: ReturnType<typeof commands.exportShow>) =>
    void call(asked).catch((fault: unknown) => notify(brief(toAppError(fault))));
  return (
    <>
      <div role="status" data-testid="export-done" className="min-w-0 flex-1 basis-48">
        <strong className="block font-semibold">
          <Plural value={report.messages} one="# message was exported" other="# messages were exported" />
        </strong>
        <bdi dir="ltr" className="block truncate text-ink-2 select-text" title={report.path}>
          {report.path}
        </bdi>
      </div>
      <span className="flex items-center gap-2">
        <button
          type="button"
          data-testid="export-show"
          className="btn"
          onClick={() => go(commands.exportShow())}
        >
          <Trans>Show in folder</Trans>
        </button>
        <button
          type="button"
          data-testid="export-open"
          className="btn"
          onClick={() => go(commands.exportOpen())}
        >
          <Trans>Open</Trans>
        </button>
        <Dismiss />
      </span>
    </>
  );
}

function Dismiss() {
  return (
    <button
      type="button"
      data-testid="export-dismiss"
      aria-label={t`Close`}
      title={t`Close`}
      className="grid size-8 flex-none place-items-center rounded-[8px] text-ink-2 hover:text-ink"
      onClick={dismissExport}
    >
      <Icon name="close" className="size-4!" />
    </button>
  );
}

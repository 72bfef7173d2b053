import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { call, toAppError } from "../app/call";
import { brief, entryFor } from "../app/errors";
import { commands } from "../bindings";
import { CoreWords } from "./core-words";

type Fault = { code: string; message: string };

/** What happened, what is safe, and the one button that helps. */
export function ErrorNote({
  fault,
  who,
  onRetry,
  onConnect,
  retryLabel,
  testId = "error-note",
}: {
  fault: Fault;
  who?: string | undefined;
  onRetry?: (() => void) | undefined;
  onConnect?: (() => void) | undefined;
  retryLabel?: string | undefined;
  testId?: string;
}) {
  const { severity, headline, action } = entryFor(fault.code);
  const [problem, setProblem] = useState<string | null>(null);
  let button: ReactNode = null;
  if (action === "retry" && onRetry !== undefined) {
    button = <NoteButton onClick={onRetry}>{retryLabel ?? t`Try again`}</NoteButton>;
  } else if (action === "connect" && onConnect !== undefined) {
    button = <NoteButton onClick={onConnect}>{t`Connect again`}</NoteButton>;
  } else if (action === "show_folder") {
    const show = () => call(commands.dataFolderShow()).catch((error) => setProblem(brief(toAppError(error))));
    button = <NoteButton onClick={show}>{t`Show the folder`}</NoteButton>;
  } else if (action === "restart") {
    button = <NoteButton onClick={() => location.reload()}>{t`Reload the window`}</NoteButton>;
  }
  const tone = severity === "bad" ? "bg-bad-soft" : severity === "warn" ? "bg-warn-soft" : "bg-accent-soft";
  return (
    <div
      role={severity === "info" ? "status" : "alert"}
      data-testid={testId}
      data-code={fault.code}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-[12px] px-3.5 py-3 text-sm ${tone}`}
    >
      <div className="min-w-0 flex-1 basis-64">
        <strong className="block font-semibold">
          {who === undefined ? (
            headline
          ) : (
            <Trans>
              <bdi>{who}</bdi>: {headline}
            </Trans>
          )}
        </strong>
        <span className="select-text">
          <CoreWords message={fault.message} />{" "}
          {/* What a person can name when they ask somebody for help. */}
          <code lang="en" dir="ltr" className="text-xs text-ink-2">
            {fault.code}
          </code>
        </span>
        {problem !== null && <span className="block text-bad">{problem}</span>}
      </div>
      {button}
    </div>
  );
}

function NoteButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="btn" onClick={onClick}>
      {children}
    </button>
  );
}

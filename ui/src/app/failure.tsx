import { Trans } from "@lingui/react/macro";
import { CoreWords } from "../parts/core-words";
import { toAppError } from "./call";
import { entryFor } from "./errors";

/** The whole window, when there is nothing else that it could show: words, and a way on. */
export function Failure({ fault, onRetry }: { fault: unknown; onRetry?: () => void }) {
  const error = toAppError(fault);
  return (
    <main className="grid h-full place-items-center overflow-y-auto p-6">
      <div data-testid="error-note" data-code={error.code} role="alert" className="max-w-[56ch]">
        <h1 className="mb-2">{entryFor(error.code).headline}</h1>
        <p className="mb-2 text-lg text-ink-2">
          <CoreWords message={error.message} />
        </p>
        <p className="mb-6 text-ink-2">
          <Trans>
            Nothing was changed on this computer. If trying again does not help, close Threadkeep and open it
            again.
          </Trans>
        </p>
        <div className="flex items-center gap-4">
          <button type="button" className="btn primary large" onClick={onRetry ?? (() => location.reload())}>
            <Trans>Try again</Trans>
          </button>
          <span className="font-mono text-xs text-ink-2 select-text">{error.code}</span>
        </div>
      </div>
    </main>
  );
}

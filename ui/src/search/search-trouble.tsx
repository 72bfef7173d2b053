import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type AppError, call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { commands } from "../bindings";
import { ErrorNote } from "../parts/error-note";

/** Why nothing can be looked for, and what helps. The messages themselves are never at stake. */
export function SearchTrouble({ error, onRetry }: { error: AppError; onRetry: () => void }) {
  const rebuild = useMutation({ mutationFn: () => call(commands.searchRebuild()), onSuccess: onRetry });
  return (
    <div className="mb-3">
      <ErrorNote fault={error} onRetry={onRetry} testId="search-error" />
      {error.code === "search_index" && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 px-3.5 text-sm text-ink-2">
          <p className="min-w-0 flex-1 basis-64">
            <Trans>No message is lost: the index is made of them, and can be made anew.</Trans>
            {rebuild.isError && (
              <span role="alert" className="block text-bad">
                {brief(toAppError(rebuild.error))}
              </span>
            )}
          </p>
          <button
            type="button"
            data-testid="search-rebuild"
            className="btn"
            disabled={rebuild.isPending}
            onClick={() => rebuild.mutate()}
          >
            <Trans>Make it anew</Trans>
          </button>
        </div>
      )}
    </div>
  );
}

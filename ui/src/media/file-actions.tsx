import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { commands } from "../bindings";

type Done = { at: "idle" } | { at: "saved"; path: string } | { at: "failed"; error: AppError };

/** What can be done with a file that is here: open it in its own program, save it, find what was saved. */
export function FileActions({
  id,
  canOpen,
  openWords = t`Open`,
}: {
  id: string;
  canOpen: boolean;
  openWords?: string;
}) {
  const [done, setDone] = useState<Done>({ at: "idle" });
  const fail = (fault: unknown) => setDone({ at: "failed", error: toAppError(fault) });
  // Nothing is said where no place was chosen.
  const save = () =>
    call(commands.mediaSave(id)).then((path) => path !== null && setDone({ at: "saved", path }), fail);
  return (
    <span className="file-actions">
      {canOpen && (
        <button
          type="button"
          className="link"
          data-testid="media-open"
          onClick={() => void call(commands.mediaOpen(id)).catch(fail)}
        >
          {openWords}
        </button>
      )}
      {done.at === "saved" ? (
        <button
          type="button"
          className="link"
          data-testid="media-reveal"
          title={done.path}
          onClick={() => void call(commands.mediaReveal()).catch(fail)}
        >
          <Trans>Saved. Show in folder</Trans>
        </button>
      ) : (
        <button type="button" className="link" data-testid="media-save" onClick={() => void save()}>
          <Trans>Save as…</Trans>
        </button>
      )}
      {done.at === "failed" && <span role="alert">{brief(done.error)}</span>}
    </span>
  );
}

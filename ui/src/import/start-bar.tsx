import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ImportPreview } from "../bindings";
import { leaveImport, startImport, useImport } from "./store";

/** What an import would do, in a sentence, and the buttons that do it or leave it. */
export function StartBar({ preview }: { preview: ImportPreview }) {
  const { phase } = useImport();
  const blocked = preview.files.some((file) => file.problem !== null);
  const asksWho = preview.me === null && preview.senders.length > 0;
  return (
    <section
      aria-label={t`Import`}
      data-testid="import-bar"
      className="flex-none border-t border-line bg-surface px-10 py-3 narrow:px-4"
    >
      <div className="mx-auto flex w-full max-w-[760px] flex-wrap items-center justify-end gap-x-4 gap-y-2.5">
        <p role="status" data-testid="import-plan" className="min-w-0 flex-1 basis-72 text-sm">
          {words(preview, blocked, asksWho)}
        </p>
        <div className="flex gap-2">
          <button
            type="button"
            data-testid="import-discard"
            className="btn"
            onClick={() => void leaveImport()}
          >
            <Trans>Not now</Trans>
          </button>
          <button
            type="button"
            data-testid="import-start"
            className="btn primary"
            disabled={phase !== "ready" || blocked || asksWho}
            onClick={() => void startImport()}
          >
            <Trans>Import</Trans>
          </button>
        </div>
      </div>
    </section>
  );
}

function words({ messages, new: fresh, changed }: ImportPreview, blocked: boolean, asksWho: boolean): string {
  if (blocked) return t`Not everything that was chosen can be read. Choose other files, or mend that first.`;
  if (asksWho) return t`Please say first which of the senders is you.`;
  if (messages === 0) return t`There are no messages in these files; names of people are brought in.`;
  if (fresh + changed === 0) return t`All messages in these files are here already.`;
  if (fresh === 0) return plural(changed, { one: "# message gets more", other: "# messages get more" });
  return plural(fresh, { one: "# new message", other: "# new messages" });
}

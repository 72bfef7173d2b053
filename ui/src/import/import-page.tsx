import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { appStateQuery } from "../app/queries";
import type { Account, ImportPreview } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { ChatsCard } from "./chats-card";
import { ChooseCard } from "./choose-card";
import { ContentCard } from "./content-card";
import { Decisions } from "./decisions";
import { Done } from "./done";
import { Earlier } from "./earlier";
import { FilesCard } from "./files-card";
import { Oddities } from "./oddities";
import { ProgressCard } from "./progress-card";
import { StartBar } from "./start-bar";
import { chooseImport, isImporting, look, useImport } from "./store";

/** Exports and backups that a person has: chosen, looked at, brought in, and taken back. */
export function ImportPage() {
  const given = useImport();
  const app = useQuery(appStateQuery);
  const accounts = (app.data?.accounts ?? []).filter((account) => !account.is_sample);
  const isFirst = app.data !== undefined && app.data.accounts.length === 0;
  const { phase, preview, error, report } = given;
  const running = isImporting(given);
  const looking = phase === "looking";
  return (
    <main data-pane="page" className="flex h-full min-h-0 flex-col" data-testid="import-page">
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex w-full max-w-[840px] flex-col gap-4.5 px-10 py-7 narrow:px-4 narrow:py-5">
          <header className="flex items-start gap-2">
            <Link
              to={isFirst ? "/welcome" : "/sync"}
              aria-label={isFirst ? t`Back to the beginning` : t`Back to Sync`}
              className="-ms-2 grid size-8 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
            >
              <Icon name="back" />
            </Link>
            <div className="min-w-0">
              <h1>
                <Trans>Import</Trans>
              </h1>
              <p className="text-ink-2">
                <Trans>
                  Exports and backups of your chats become part of the same history. What is here already is
                  not doubled, and the files stay as they are.
                </Trans>
              </p>
            </div>
          </header>
          {error !== null && (
            <ErrorNote
              fault={error}
              testId="import-error"
              onRetry={() => void (preview === null && !looking ? chooseImport(false) : look())}
            />
          )}
          {report !== null && <Done report={report} accounts={accounts} />}
          {running || looking ? <ProgressCard /> : null}
          {preview === null || running ? (
            !running && !looking && <ChooseCard disabled={phase === "choosing"} />
          ) : (
            <Looked preview={preview} accounts={accounts} />
          )}
          {(preview === null || running) && <Earlier accounts={accounts} disabled={running} />}
        </div>
      </div>
      {preview !== null && !running && <StartBar preview={preview} />}
    </main>
  );
}

/** What is in the files, and what a person may have to say of them. */
function Looked({ preview, accounts }: { preview: ImportPreview; accounts: readonly Account[] }) {
  const isReadable = preview.files.some((file) => file.problem === null);
  return (
    <>
      <FilesCard preview={preview} />
      {isReadable && (
        <>
          <Decisions preview={preview} accounts={accounts} />
          <ContentCard preview={preview} />
          {preview.chats.length > 0 && <ChatsCard preview={preview} />}
          <Oddities preview={preview} />
        </>
      )}
    </>
  );
}

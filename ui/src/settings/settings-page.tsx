import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { appStateQuery } from "../app/queries";
import { type Account, commands } from "../bindings";
import { askExport } from "../export/store";
import { accountName, serverName } from "../parts/account-names";
import { Confirm } from "../parts/confirm";
import { ErrorNote } from "../parts/error-note";
import { notify } from "../parts/notice";
import { KeyboardSettings } from "../shortcuts/keyboard-settings";
import { ConnectDialog } from "../sync/connect-dialog";
import { useSync } from "../sync/store";
import { Appearance } from "./appearance";
import { Following } from "./following";
import { MediaSettings } from "./media-settings";
import { SyncSettings } from "./sync-settings";

/** What can be set so far, and no more than that. */
export function SettingsPage() {
  const app = useQuery(appStateQuery);
  const [connecting, setConnecting] = useState(false);
  if (app.data === undefined) return null;
  const { accounts, home, version } = app.data;
  return (
    <main data-pane="page" className="relative h-full overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[760px] flex-col gap-4.5 px-10 py-7 narrow:px-4 narrow:py-5">
        <h1>
          <Trans>Settings</Trans>
        </h1>
        <Section title={t`Appearance`}>
          <Appearance />
        </Section>
        <Section
          title={t`Accounts`}
          action={
            <button type="button" className="link min-h-6 text-sm" onClick={() => setConnecting(true)}>
              <Trans>Connect another</Trans>
            </button>
          }
        >
          <ul>
            {accounts.map((account) => (
              <AccountRow key={account.id} account={account} />
            ))}
          </ul>
        </Section>
        <Section title={t`Syncing`}>
          <div className="flex flex-col gap-4">
            <Following on={app.data.following} />
            <SyncSettings />
            <MediaSettings />
          </div>
        </Section>
        <Section title={t`Keyboard`}>
          <KeyboardSettings />
        </Section>
        <Section title={t`Export`}>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-56 text-sm text-ink-2">
              <Trans>
                Takes all chats out as pages, a table, text or data. One chat is exported at its top.
              </Trans>
            </p>
            <button type="button" data-testid="export-all" className="btn" onClick={() => askExport(null)}>
              <Trans>Export all chats…</Trans>
            </button>
          </div>
        </Section>
        <Section title={t`About`}>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm">
            <dt className="text-ink-2">
              <Trans>Version</Trans>
            </dt>
            <dd className="select-text">Threadkeep {version}</dd>
            <dt className="text-ink-2">
              <Trans>Data folder</Trans>
            </dt>
            <dd className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
              <span className="font-mono text-[12px] wrap-anywhere select-text">{home}</span>
              <button
                type="button"
                className="link min-h-6"
                onClick={() =>
                  void call(commands.dataFolderShow()).catch((fault: unknown) =>
                    notify(brief(toAppError(fault))),
                  )
                }
              >
                <Trans>Show</Trans>
              </button>
            </dd>
          </dl>
        </Section>
      </div>
      <ConnectDialog open={connecting} onOpenChange={setConnecting} />
    </main>
  );
}

function AccountRow({ account }: { account: Account }) {
  const client = useQueryClient();
  const { phase } = useSync();
  const remove = useMutation({
    mutationFn: () => call(commands.accountRemove(account.id)),
    onSuccess: async () => {
      client.removeQueries({ queryKey: ["chats"], type: "inactive" });
      await client.invalidateQueries();
    },
  });
  const here = account.server === "";
  const server = serverName(account);
  return (
    <li className="border-t border-line py-3 first:border-0 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1 text-sm">
          <bdi className="block truncate font-semibold">{accountName(account)}</bdi>
          <span className="block text-ink-2">
            {server} · <Plural value={account.messages} one="# message" other="# messages" />
          </span>
        </div>
        <Confirm
          title={t`Remove ${accountName(account)}?`}
          action={t`Remove it`}
          onConfirm={() => remove.mutate()}
          trigger={
            <button type="button" className="btn" disabled={phase !== "idle" || remove.isPending}>
              {remove.isPending ? t`Removing…` : t`Remove`}
            </button>
          }
        >
          {account.is_sample
            ? t`The invented people and their messages are removed from this computer.`
            : here
              ? plural(account.messages, {
                  one: "Its # message is kept on this computer only. Removing the account removes it for good.",
                  other:
                    "Its # messages are kept on this computer only. Removing the account removes them for good.",
                })
              : plural(account.messages, {
                  one: `Its # message is removed from this computer. The server at ${server} keeps everything, and you can connect to it again.`,
                  other: `Its # messages are removed from this computer. The server at ${server} keeps everything, and you can connect to it again.`,
                })}
        </Confirm>
      </div>
      {remove.isError && (
        <div className="mt-2">
          <ErrorNote fault={toAppError(remove.error)} onRetry={() => remove.mutate()} />
        </div>
      )}
    </li>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <header className="justify-between">
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { told } from "../app/errors";
import { formatMoment, formatSince } from "../app/format";
import type { Account } from "../bindings";
import { KeepLine } from "../keep/keep-line";
import { linkState } from "../parts/account-links";
import { accountName, connectionState, serverName } from "../parts/account-names";
import { ErrorNote } from "../parts/error-note";
import { useNow } from "../parts/use-now";
import { startSync } from "./store";

/** The accounts with where they come from and how they stand. */
export function AccountsCard({
  accounts,
  disabled,
  onConnect,
}: {
  accounts: readonly Account[];
  disabled: boolean;
  onConnect: () => void;
}) {
  const now = useNow();
  return (
    <section className="card" aria-label={t`Accounts`}>
      <header>
        <h2>
          <Trans>Accounts</Trans>
        </h2>
        <button type="button" className="link ms-auto min-h-6 text-sm" onClick={onConnect}>
          <Trans>Connect another</Trans>
        </button>
      </header>
      <ul>
        {accounts.map((account) => {
          const state = connectionState(account);
          const link = linkState(account);
          return (
            <li
              key={account.id}
              className="flex flex-wrap items-start gap-3 border-t border-line py-2.5 first:border-0 first:pt-0 last:pb-0"
            >
              <span className={`mt-1.25 size-2 flex-none rounded-full ${state.tone}`} aria-hidden="true" />
              <div className="min-w-0 flex-1 text-sm">
                <bdi className="block truncate font-semibold">{accountName(account)}</bdi>
                <span className="block text-ink-2">
                  {serverName(account)} · {state.words}
                </span>
                <span
                  className="block text-ink-2"
                  title={account.last_sync_at === null ? undefined : formatMoment(account.last_sync_at)}
                >
                  <Plural value={account.messages} one="# message" other="# messages" />
                  {" · "}
                  {account.last_sync_at === null
                    ? t`never synced`
                    : t`synced ${formatSince(account.last_sync_at, now)}`}
                </span>
                {link !== null && (
                  <span
                    data-testid="account-link"
                    className={`block ${link.tone}`}
                    title={account.link.problem === null ? undefined : told(account.link.problem)}
                  >
                    {link.words}
                  </span>
                )}
                <KeepLine accountId={account.id} name={accountName(account)} />
              </div>
              {accounts.length > 1 && (
                <button
                  type="button"
                  className="btn small"
                  disabled={disabled}
                  aria-label={t`Sync ${accountName(account)}`}
                  onClick={() => void startSync(account.id)}
                >
                  <Trans>Sync</Trans>
                </button>
              )}
              {account.link.state === "off" && account.link.problem !== null && (
                <div className="basis-full">
                  <ErrorNote fault={account.link.problem} onConnect={onConnect} />
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

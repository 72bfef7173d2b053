import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call, toAppError } from "../app/call";
import { appStateQuery } from "../app/queries";
import { commands } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Icon, type IconName } from "../parts/icon";
import { ConnectForm } from "./connect-form";

/** Four doors, and nothing to fill in before one of them was chosen. */
export function WelcomePage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const app = useQuery(appStateQuery);
  const [connecting, setConnecting] = useState(false);
  const here = useMutation({
    mutationFn: () => call(commands.accountUseThisComputer()),
    onSuccess: () => enter("/sync"),
  });
  const sample = useMutation({
    mutationFn: () => call(commands.sampleAdd()),
    // Its first pull begins by itself as soon as the window knows of it.
    onSuccess: () => enter("/chats"),
  });
  const fault = here.error ?? sample.error;
  const busy = here.isPending || sample.isPending;

  async function enter(to: "/chats" | "/sync") {
    await client.invalidateQueries();
    await navigate({ to, replace: true });
  }

  return (
    <main data-testid="welcome" className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-[1028px] flex-col justify-center p-6 narrow:justify-start narrow:p-5">
        {app.data !== undefined && app.data.accounts.length > 0 && (
          <Link to="/chats" className="link mb-5 self-start text-sm">
            <Trans>Back to the chats</Trans>
          </Link>
        )}
        <h1 className="mb-1.5 text-[30px] leading-tight narrow:text-[26px]">
          <Trans>Keep your conversations.</Trans>
        </h1>
        <p className="mb-6.5 max-w-[60ch] text-lg text-ink-2">
          <Trans>
            Threadkeep makes a complete copy of your chats on this computer. You can read it with no network,
            for as long as you like.
          </Trans>
        </p>
        {fault !== null && (
          <div className="mb-4.5">
            <ErrorNote fault={toAppError(fault)} onConnect={() => setConnecting(true)} />
          </div>
        )}
        <div className="grid grid-cols-4 gap-4.5 max-[1040px]:grid-cols-2 max-[640px]:grid-cols-1">
          <Door icon="laptop" title={t`Use this computer`} first>
            <p className="text-ink-2">
              <Trans>
                Threadkeep runs a small server of its own, here. A bridge or an import fills it. Nothing
                leaves this computer.
              </Trans>
            </p>
            <button
              type="button"
              data-testid="door-computer"
              className="btn primary mt-auto self-start max-[860px]:mt-2"
              disabled={busy}
              onClick={() => here.mutate()}
            >
              {here.isPending ? t`Setting up…` : t`Begin`}
            </button>
          </Door>
          <Door icon="server" title={t`Connect to a server`}>
            {connecting ? (
              <ConnectForm onConnected={() => enter("/sync")} onCancel={() => setConnecting(false)} />
            ) : (
              <>
                <p className="text-ink-2">
                  <Trans>You or your team run a Threadkeep server. You need its address and a token.</Trans>
                </p>
                <button
                  type="button"
                  data-testid="door-server"
                  className="btn mt-auto self-start max-[860px]:mt-2"
                  disabled={busy}
                  onClick={() => setConnecting(true)}
                >
                  <Trans>Connect</Trans>
                </button>
              </>
            )}
          </Door>
          <Door icon="import" title={t`Import what I have`}>
            <p className="text-ink-2">
              <Trans>
                Exports and backups of WhatsApp, Telegram, Signal and others. You see first what is in them.
              </Trans>
            </p>
            <Link
              to="/import"
              data-testid="door-import"
              className="btn mt-auto self-start max-[860px]:mt-2"
              disabled={busy}
            >
              <Trans>Choose files</Trans>
            </Link>
          </Door>
          <Door icon="eye" title={t`Look around`}>
            <p className="text-ink-2">
              <Trans>Open a sample archive of invented people. One click removes it again.</Trans>
            </p>
            <button
              type="button"
              data-testid="door-sample"
              className="btn mt-auto self-start max-[860px]:mt-2"
              disabled={busy}
              onClick={() => sample.mutate()}
            >
              {sample.isPending ? t`Making the sample…` : t`Open the sample`}
            </button>
          </Door>
        </div>
      </div>
    </main>
  );
}

function Door({
  icon,
  title,
  first = false,
  children,
}: {
  icon: IconName;
  title: string;
  first?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className={`flex min-h-59 flex-col gap-2.5 rounded-(--radius-l) border bg-surface p-6 max-[860px]:min-h-0 ${
        first ? "border-accent shadow-raised" : "border-line"
      }`}
    >
      <Icon name={icon} className="size-7.5! text-accent" />
      <h2 className="text-lg font-[620]">{title}</h2>
      {children}
    </section>
  );
}

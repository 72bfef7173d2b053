import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Icon } from "../parts/icon";

/** The way to the page for imports, from where accounts are brought up to date. */
export function ImportCard() {
  return (
    <section className="card flex items-center gap-3.5" aria-label={t`Import`}>
      <Icon name="import" className="text-accent" />
      <div className="min-w-0 flex-1">
        <h2>
          <Trans>Exports and backups</Trans>
        </h2>
        <p className="text-sm text-ink-2">
          <Trans>What you have of your chats joins the same history.</Trans>
        </p>
      </div>
      <Link to="/import" data-testid="open-import" className="btn">
        <Trans>Import…</Trans>
      </Link>
    </section>
  );
}

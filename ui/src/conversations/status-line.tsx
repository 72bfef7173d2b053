import { t } from "@lingui/core/macro";
import { Plural } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatMoment, formatSince } from "../app/format";
import { appStateQuery } from "../app/queries";
import type { Stats } from "../bindings";
import { standing } from "../parts/account-links";
import { useNow } from "../parts/use-now";
import { percent } from "../sync/progress";
import { useSync } from "../sync/store";

/** How fresh the list is, in one line; it leads to the Sync page. */
export function StatusLine({ stats }: { stats: Stats | undefined }) {
  const { phase, progress, error, reports } = useSync();
  const app = useQuery(appStateQuery);
  const now = useNow();
  const troubled =
    (error !== null && error.code !== "cancelled") ||
    (reports?.some((report) => report.outcome === "failed" || report.outcome === "partial") ?? false);
  const link = standing(app.data?.accounts ?? []);
  const running = phase !== "idle" || (app.data?.syncing ?? false);

  let light = "bg-good";
  let words = "";
  if (running) {
    light = "bg-accent";
    const part = percent(progress.overallDone, progress.overallTotal);
    words = phase === "cancelling" ? t`Stopping…` : part === null ? t`Syncing…` : t`Syncing, ${part} %`;
  } else if (link === "offline") {
    light = "bg-warn";
    words = t`Offline, shows what is here`;
  } else if (link === "stopped") {
    light = "bg-bad";
    words = t`Not kept current`;
  } else if (link === "live") {
    words = t`Live`;
  } else if (troubled) {
    light = "bg-warn";
    words = t`The last sync needs attention`;
  } else if (link === "connecting") {
    light = "bg-accent";
    words = stats?.last_sync_at == null ? t`Connecting…` : t`Reconnecting…`;
  } else if (stats?.last_sync_at == null) {
    light = "bg-line-strong";
    words = t`Not synced yet`;
  } else {
    words = t`Up to date, ${formatSince(stats.last_sync_at, now)}`;
  }

  return (
    <Link
      to="/sync"
      data-testid="status-line"
      title={stats?.last_sync_at == null ? undefined : t`Last synced: ${formatMoment(stats.last_sync_at)}`}
      className="flex flex-none items-center gap-2 border-t border-line px-4 py-2.5 text-sm text-ink-2 -outline-offset-2 hover:text-ink"
    >
      <span className={`size-2 flex-none rounded-full ${light}`} />
      <span className="truncate">
        {words}
        {stats !== undefined && stats.messages > 0 && (
          <>
            {" · "}
            <Plural value={stats.messages} one="# message" other="# messages" />
          </>
        )}
      </span>
    </Link>
  );
}

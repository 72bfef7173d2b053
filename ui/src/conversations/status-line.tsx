import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatMoment, formatSince, plural } from "../app/format";
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
    words = phase === "cancelling" ? "Stopping…" : part === null ? "Syncing…" : `Syncing, ${part} %`;
  } else if (link === "offline") {
    light = "bg-warn";
    words = "Offline, shows what is here";
  } else if (link === "stopped") {
    light = "bg-bad";
    words = "Not kept current";
  } else if (link === "live") {
    words = "Live";
  } else if (troubled) {
    light = "bg-warn";
    words = "The last sync needs attention";
  } else if (link === "connecting") {
    light = "bg-accent";
    words = stats?.last_sync_at == null ? "Connecting…" : "Reconnecting…";
  } else if (stats?.last_sync_at == null) {
    light = "bg-line-strong";
    words = "Not synced yet";
  } else {
    words = `Up to date, ${formatSince(stats.last_sync_at, now)}`;
  }

  return (
    <Link
      to="/sync"
      data-testid="status-line"
      title={stats?.last_sync_at == null ? undefined : `Last synced: ${formatMoment(stats.last_sync_at)}`}
      className="flex flex-none items-center gap-2 border-t border-line px-4 py-2.5 text-sm text-ink-2 -outline-offset-2 hover:text-ink"
    >
      <span className={`size-2 flex-none rounded-full ${light}`} />
      <span className="truncate">
        {words}
        {stats !== undefined && stats.messages > 0 && ` · ${plural(stats.messages, "message", "messages")}`}
      </span>
    </Link>
  );
}

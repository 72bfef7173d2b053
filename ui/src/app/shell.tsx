import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { AppState } from "../bindings";
import { ExportBar } from "../export/export-bar";
import { ExportDialog } from "../export/export-dialog";
import { DropTarget } from "../import/drop-target";
import { ErrorNote } from "../parts/error-note";
import { Notice } from "../parts/notice";
import { Switcher } from "../search/switcher";
import { ShortcutSheet } from "../shortcuts/sheet";
import { startSync } from "../sync/store";
import { WelcomePage } from "../welcome/welcome-page";
import { Failure } from "./failure";
import { appStateQuery } from "./queries";
import { Rail } from "./rail";
import { SampleBar } from "./sample-bar";
import { Skip } from "./skip";
import { useWindowKeys } from "./window-keys";
import { WindowTitle } from "./window-title";

/** What stands around every page: the rail, and the bars that say how the app stands as a whole. */
export function Shell() {
  const app = useQuery(appStateQuery);
  const { pathname } = useLocation();
  useWindowKeys();
  useFirstPull(app.data);

  if (app.isError && app.data === undefined) {
    return <Failure fault={app.error} onRetry={() => void app.refetch()} />;
  }
  if (app.data === undefined) return <div className="h-full" aria-busy="true" />;

  const { accounts, read_only } = app.data;
  // Without an account every address leads to the doors; drawn in place, for a redirect from here would
  // run again at each step of the router that it sets going.
  const isEmpty = accounts.length === 0;
  const importing = pathname === "/import";
  const atTheDoors = (isEmpty && !importing) || pathname === "/welcome";

  return (
    <div className="flex h-full flex-col">
      <WindowTitle />
      {!atTheDoors && <Skip />}
      {accounts.some((account) => account.is_sample) && <SampleBar />}
      {read_only !== null && (
        <aside aria-label={t`State of the app`} className="border-b border-line bg-warn-soft">
          <ErrorNote fault={read_only} />
        </aside>
      )}
      {atTheDoors ? (
        <div className="min-h-0 flex-1">
          <WelcomePage />
        </div>
      ) : (
        <div className="flex min-h-0 flex-1 narrow:flex-col-reverse">
          {!isEmpty && <Rail accounts={accounts} />}
          <Switcher />
          <ShortcutSheet />
          <div className="min-h-0 min-w-0 flex-1">
            <Outlet />
          </div>
        </div>
      )}
      <DropTarget disabled={read_only !== null} />
      <ExportBar />
      <ExportDialog />
      <Notice />
    </div>
  );
}

/** A sample that was made before the window opened is brought in at once: whoever asked for it came to look. */
function useFirstPull(app: AppState | undefined): void {
  const begun = useRef(false);
  useEffect(() => {
    const sample = app?.accounts.find((account) => account.is_sample && account.last_sync_at === null);
    if (begun.current || app?.syncing !== false || sample === undefined || app.read_only !== null) return;
    begun.current = true;
    void startSync(sample.id);
  }, [app]);
}

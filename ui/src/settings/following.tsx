import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { appStateQuery } from "../app/queries";
import { commands } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Toggle } from "./toggle";

/** Whether the app listens to its servers while it is open. */
export function Following({ on }: { on: boolean }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: boolean) => call(commands.followingSet(wanted)),
    onSettled: () => client.invalidateQueries({ queryKey: appStateQuery.queryKey }),
  });
  return (
    <Toggle
      name={t`Stay current`}
      checked={change.isPending ? change.variables : on}
      disabled={change.isPending}
      onChange={(wanted) => change.mutate(wanted)}
      testId="following"
      about={t`While Threadkeep is open, what comes is here at once. Switched off, it comes when you sync.`}
    >
      {change.isError && <ErrorNote fault={toAppError(change.error)} onRetry={() => change.reset()} />}
    </Toggle>
  );
}

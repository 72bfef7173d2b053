import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { syncSettingsQuery } from "../app/queries";
import { type SyncSettings as Choice, commands } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Count } from "./count";
import { Toggle } from "./toggle";

/** How the next sync goes about its work. Every change is kept at once. */
export function SyncSettings() {
  const client = useQueryClient();
  const kept = useQuery(syncSettingsQuery);
  const save = useMutation({
    mutationFn: (choice: Choice) => call(commands.syncSettingsWrite(choice)),
    onSuccess: (choice) => client.setQueryData(syncSettingsQuery.queryKey, choice),
  });
  if (kept.isError) return <ErrorNote fault={toAppError(kept.error)} onRetry={() => kept.refetch()} />;
  if (kept.data === undefined) return null;
  const choice = kept.data;
  const change = (part: Partial<Choice>) => save.mutate({ ...choice, ...part });
  return (
    <div data-testid="sync-settings" className="flex flex-col gap-4">
      <Toggle
        name={t`Newest messages first`}
        checked={choice.recent_first}
        onChange={(recent_first) => change({ recent_first })}
        about={t`A first sync brings these before everything else, so that there is something to read at once.`}
      >
        {choice.recent_first && (
          <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm">
            <Trans>
              <Count
                label={t`Messages of each chat`}
                value={choice.recent_messages}
                most={1_000}
                onChange={(recent_messages) => change({ recent_messages })}
              />
              messages of the newest
              <Count
                label={t`Chats`}
                value={choice.recent_chats}
                most={500}
                onChange={(recent_chats) => change({ recent_chats })}
              />
              chats
            </Trans>
          </p>
        )}
      </Toggle>
      <Toggle
        name={t`Everything in one answer`}
        checked={choice.streaming}
        onChange={(streaming) => change({ streaming })}
        about={t`Much faster on slow lines. Turn it off where something on the way breaks long answers.`}
      />
      {save.isError && <ErrorNote fault={toAppError(save.error)} onRetry={() => save.reset()} />}
    </div>
  );
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { mediaSettingsQuery } from "../app/queries";
import { type MediaSettings as Choice, commands } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { Count } from "./count";
import { Toggle } from "./toggle";

/** Which files come without being asked for. Every change is kept at once. */
export function MediaSettings() {
  const client = useQueryClient();
  const kept = useQuery(mediaSettingsQuery);
  const save = useMutation({
    mutationFn: (choice: Choice) => call(commands.mediaSettingsWrite(choice)),
    onSuccess: (choice) => client.setQueryData(mediaSettingsQuery.queryKey, choice),
  });
  if (kept.isError) return <ErrorNote fault={toAppError(kept.error)} onRetry={() => kept.refetch()} />;
  if (kept.data === undefined) return null;
  const choice = kept.data;
  const change = (part: Partial<Choice>) => save.mutate({ ...choice, ...part });
  return (
    <div data-testid="media-settings" className="flex flex-col gap-4">
      <Toggle
        name={t`Download photos, videos and files by themselves`}
        checked={choice.automatic}
        onChange={(automatic) => change({ automatic })}
        about={t`Those of the chats that are kept here, the newest first. Others wait until you ask for them.`}
      >
        {choice.automatic && (
          <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm">
            <Trans>
              Up to
              <Count
                label={t`Megabytes`}
                value={choice.up_to_mb}
                most={2_048}
                onChange={(up_to_mb) => change({ up_to_mb })}
              />
              MB each
            </Trans>
          </p>
        )}
      </Toggle>
      {save.isError && <ErrorNote fault={toAppError(save.error)} onRetry={() => save.reset()} />}
    </div>
  );
}

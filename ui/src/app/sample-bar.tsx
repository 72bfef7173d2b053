import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { commands } from "../bindings";
import { useSync } from "../sync/store";
import { call, toAppError } from "./call";
import { brief } from "./errors";

/** Says, on every page, that these people are invented, and takes them away again. */
export function SampleBar() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { phase } = useSync();
  const remove = useMutation({
    mutationFn: () => call(commands.sampleRemove()),
    onSuccess: async () => {
      await navigate({ to: "/chats" });
      client.removeQueries({ queryKey: ["chats"], type: "inactive" });
      await client.invalidateQueries();
    },
  });
  return (
    <aside
      aria-label={t`Sample archive`}
      data-testid="sample-bar"
      className="flex flex-none flex-wrap items-center justify-center gap-x-1.5 border-b border-line bg-accent-soft px-4 py-1 text-sm"
    >
      <span>
        <Trans>You are looking at a sample archive</Trans>
      </span>
      <span aria-hidden="true">·</span>
      <button
        type="button"
        data-testid="sample-remove"
        className="link min-h-6 font-medium disabled:opacity-60"
        disabled={remove.isPending || phase !== "idle"}
        onClick={() => remove.mutate()}
      >
        {remove.isPending ? t`Removing it…` : t`Remove it`}
      </button>
      {remove.isError && (
        <span role="alert" className="w-full text-center text-bad">
          {brief(toAppError(remove.error))}
        </span>
      )}
    </aside>
  );
}

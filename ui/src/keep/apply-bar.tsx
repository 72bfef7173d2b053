import { AlertDialog } from "@base-ui/react/alert-dialog";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, toAppError } from "../app/call";
import { commands, type Freed, type SelectionAsked } from "../bindings";
import { ErrorNote } from "../parts/error-note";
import { planQuery, selectionQuery } from "./queries";
import { freedWords, freesAnything, planWords } from "./words";

/** A choice is asked about once it has rested so long: someone may still be typing a date. */
const REST = 250;

/** What the choice would do, and the buttons that do it or leave it. Nothing goes without being asked about. */
export function ApplyBar({
  accountId,
  asked,
  from,
  onDone,
  onDiscard,
}: {
  accountId: string;
  asked: SelectionAsked;
  /** Where what is removed was. */
  from: string;
  onDone: () => void;
  onDiscard: () => void;
}) {
  const client = useQueryClient();
  const rested = useRested(asked);
  const plan = useQuery(planQuery(accountId, rested));
  const current = rested === asked || JSON.stringify(rested) === JSON.stringify(asked);
  const known = current && !plan.isFetching ? plan.data : undefined;
  const [toFree, setToFree] = useState<Freed | null>(null);
  const apply = useMutation({
    mutationFn: (mayFree: boolean) => call(commands.selectionSet(accountId, asked, mayFree)),
    onSuccess: async (kept) => {
      client.setQueryData(selectionQuery(accountId).queryKey, kept);
      onDone();
      await client.invalidateQueries();
    },
    onError: async (fault) => {
      // More has come than was counted: it is counted anew, and asked again.
      if (toAppError(fault).code !== "would_free") return;
      const fresh = await plan.refetch();
      if (fresh.data !== undefined) setToFree(fresh.data.frees);
    },
  });
  const begin = () => {
    if (known === undefined) return;
    if (freesAnything(known.frees)) setToFree(known.frees);
    else apply.mutate(false);
  };
  // A refusal that asks is answered in the dialog.
  const refused = apply.error === null ? null : toAppError(apply.error);
  const fault = refused?.code === "would_free" ? plan.error : (refused ?? (current ? plan.error : null));
  return (
    <section
      aria-label={t`The change`}
      data-testid="keep-bar"
      className="flex-none border-t border-line bg-surface px-10 py-3 narrow:px-4"
    >
      <div className="mx-auto flex w-full max-w-[760px] flex-wrap items-center justify-end gap-x-4 gap-y-2.5">
        {fault !== null ? (
          <div className="min-w-0 flex-1 basis-72">
            <ErrorNote
              fault={toAppError(fault)}
              onRetry={() => (apply.isError ? apply.reset() : void plan.refetch())}
              testId="keep-error"
            />
          </div>
        ) : (
          <p role="status" data-testid="keep-plan" className="min-w-0 flex-1 basis-72 text-sm">
            {apply.isPending
              ? t`Changing what is kept…`
              : known === undefined
                ? t`Counting what that changes…`
                : planWords(known, from)}
          </p>
        )}
        <div className="flex gap-2">
          <button
            type="button"
            data-testid="keep-discard"
            className="btn"
            disabled={apply.isPending}
            onClick={onDiscard}
          >
            <Trans>Leave as it was</Trans>
          </button>
          <button
            type="button"
            data-testid="keep-apply"
            className="btn primary"
            disabled={known === undefined || apply.isPending}
            onClick={begin}
          >
            <Trans>Apply</Trans>
          </button>
        </div>
      </div>
      <AlertDialog.Root open={toFree !== null} onOpenChange={(open) => !open && setToFree(null)}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="backdrop" />
          <AlertDialog.Popup className="dialog" data-testid="keep-confirm">
            <AlertDialog.Title className="mb-2 text-lg font-semibold">
              <Trans>Remove what is not kept?</Trans>
            </AlertDialog.Title>
            <AlertDialog.Description className="text-ink-2">
              {toFree !== null && (
                <Trans>
                  This will be removed from {from}: {freedWords(toFree)}. The server keeps it, and it comes
                  back when you choose it again.
                </Trans>
              )}
            </AlertDialog.Description>
            <div className="mt-5 flex justify-end gap-2">
              <AlertDialog.Close className="btn">
                <Trans>Keep them</Trans>
              </AlertDialog.Close>
              <AlertDialog.Close
                className="btn danger"
                data-testid="keep-confirm-remove"
                onClick={() => apply.mutate(true)}
              >
                <Trans>Remove them</Trans>
              </AlertDialog.Close>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </section>
  );
}

function useRested(asked: SelectionAsked): SelectionAsked {
  const [rested, setRested] = useState(asked);
  const text = JSON.stringify(asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says counts, not which object says it
  useEffect(() => {
    const timer = setTimeout(() => setRested(asked), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

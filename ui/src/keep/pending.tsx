import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { startSync, useSync } from "../sync/store";

/** A wider choice was made, and what it wants is not all here yet. */
export function Pending({ accountId, following }: { accountId: string; following: boolean }) {
  const running = useSync().phase !== "idle";
  const comes = running || following;
  return (
    <div
      role="status"
      data-testid="keep-pending"
      className="mx-auto flex w-full max-w-[760px] flex-wrap items-center gap-x-4 gap-y-2 rounded-[12px] bg-accent-soft px-3.5 py-3 text-sm"
    >
      <span className="min-w-0 flex-1 basis-64">
        <strong className="block font-semibold">
          {comes ? t`What you chose is on its way` : t`What you chose is not all here yet`}
        </strong>
        {comes ? t`It can be read as it comes.` : t`The next sync brings it.`}
      </span>
      {!comes && (
        <button type="button" className="btn" onClick={() => void startSync(accountId)}>
          <Trans>Sync now</Trans>
        </button>
      )}
    </div>
  );
}

import { Dialog } from "@base-ui/react/dialog";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { ConnectForm } from "../welcome/connect-form";

/** The door to a server again, for one who is already inside. */
export function ConnectDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const client = useQueryClient();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="mb-1 text-lg font-semibold">
            <Trans>Connect to a server</Trans>
          </Dialog.Title>
          <Dialog.Description className="mb-4 text-sm text-ink-2">
            <Trans>
              You need its address and a token. For an account that is already here, this replaces its token.
            </Trans>
          </Dialog.Description>
          <ConnectForm
            onConnected={async () => {
              await client.invalidateQueries();
              onOpenChange(false);
            }}
            onCancel={() => onOpenChange(false)}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

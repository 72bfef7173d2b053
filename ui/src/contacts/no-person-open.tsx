import { Trans } from "@lingui/react/macro";
import { Icon } from "../parts/icon";

export function NoPersonOpen() {
  return (
    <main className="grid h-full place-items-center bg-bg p-6 text-center text-ink-2">
      <div>
        <Icon name="people" className="mx-auto mb-3 size-9! text-ink-3" />
        <p>
          <Trans>Choose somebody to see who they are and what you share.</Trans>
        </p>
      </div>
    </main>
  );
}

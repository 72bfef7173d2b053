import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { events } from "../bindings";
import { Icon } from "../parts/icon";
import { importState, isImporting, lookAnew } from "./store";

/** Files may be dropped anywhere on the window: then they are looked at on the page for it. */
export function DropTarget({ disabled }: { disabled: boolean }) {
  const navigate = useNavigate();
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (disabled) return;
    const listening = [
      events.filesOver.listen(({ payload }) => setOver(payload.over && !isImporting(importState()))),
      events.filesDropped.listen(() => {
        if (isImporting(importState())) return;
        void navigate({ to: "/import" });
        void lookAnew();
      }),
    ];
    for (const each of listening) each.catch(() => {});
    return () => {
      for (const each of listening) void each.then((unlisten) => unlisten()).catch(() => {});
    };
  }, [disabled, navigate]);
  if (!over) return null;
  return (
    <div
      data-testid="drop-target"
      className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-bg/80 p-6"
    >
      <p className="flex flex-col items-center gap-3 rounded-(--radius-l) border-2 border-dashed border-accent bg-surface px-10 py-8 text-lg font-[620] shadow-raised">
        <Icon name="import" className="size-8! text-accent" />
        <Trans>Drop to see what is in it</Trans>
      </p>
    </div>
  );
}

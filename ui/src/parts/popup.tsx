import { Popover } from "@base-ui/react/popover";
import type { ReactNode } from "react";

/** The inside of a popover: a title for everyone, and what it is about. */
export function Popup({
  title,
  align = "center",
  finalFocus,
  children,
}: {
  title: string;
  align?: "start" | "center";
  /** Where the focus goes when it closes; to what opened it without that. */
  finalFocus?: () => HTMLElement | true;
  children: ReactNode;
}) {
  return (
    <Popover.Portal>
      <Popover.Positioner align={align} sideOffset={6} collisionPadding={12} className="z-40">
        <Popover.Popup className="popup" {...(finalFocus !== undefined && { finalFocus })}>
          <Popover.Title className="mb-1 text-xs font-semibold text-ink-2">{title}</Popover.Title>
          {children}
        </Popover.Popup>
      </Popover.Positioner>
    </Popover.Portal>
  );
}

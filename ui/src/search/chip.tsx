import { Popover } from "@base-ui/react/popover";
import { t } from "@lingui/core/macro";
import { type ReactNode, useRef, useState } from "react";
import { Icon } from "../parts/icon";
import { Popup } from "../parts/popup";

/** A filter: what it says, what else it could say below, and a way to be rid of it. */
export function Chip({
  idle,
  said,
  label,
  testId,
  onClear,
  children,
}: {
  /** What stands there while nothing is filtered. */
  idle: string;
  said: ReactNode;
  label: string;
  testId: string;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const isOn = said !== "";
  // Who has chosen goes on typing; who has not is still at the chip.
  const chosen = useRef(false);
  const finalFocus = () =>
    (chosen.current && document.querySelector<HTMLElement>("[data-testid=search-field]")) || true;
  const close = () => {
    chosen.current = true;
    setOpen(false);
  };
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        chosen.current = false;
        setOpen(next);
      }}
    >
      <span className="chip" data-on={isOn || undefined}>
        <Popover.Trigger
          data-testid={testId}
          aria-label={isOn ? undefined : `${label}: ${idle}`}
          className="chip-words"
        >
          <span className="truncate">{isOn ? said : idle}</span>
        </Popover.Trigger>
        {isOn && (
          <button
            type="button"
            data-testid={`${testId}-clear`}
            aria-label={t`${label}: no matter`}
            title={t`No matter`}
            className="chip-clear"
            onClick={onClear}
          >
            <Icon name="close" className="size-3!" />
          </button>
        )}
      </span>
      <Popup title={label} align="start" finalFocus={finalFocus}>
        {children(close)}
      </Popup>
    </Popover.Root>
  );
}

import { Dialog } from "@base-ui/react/dialog";
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useSyncExternalStore } from "react";
import { Icon } from "../parts/icon";
import { type Chord, keysOf } from "./chord";
import { GROUPS } from "./table";
import { useShortcut } from "./use-shortcut";

let isOpen = false;
const listeners = new Set<() => void>();

export function openSheet(open = true): void {
  isOpen = open;
  for (const listener of listeners) listener();
}

/** Every shortcut, as the table has it. */
export function ShortcutSheet() {
  const open = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOpen,
  );
  useShortcut("sheet", () => openSheet(!isOpen));
  return (
    <Dialog.Root open={open} onOpenChange={(wanted) => openSheet(wanted)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog w-[min(820px,calc(100vw-32px))]!" data-testid="shortcut-sheet">
          <header className="mb-4 flex items-center justify-between">
            <Dialog.Title className="text-lg font-semibold">
              <Trans>Keyboard shortcuts</Trans>
            </Dialog.Title>
            <Dialog.Close
              aria-label={t`Close`}
              className="-me-2 grid size-9 place-items-center rounded-[10px] text-ink-2 hover:text-ink"
            >
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className="gap-x-10 sm:columns-2">
            {GROUPS.map(({ name, shortcuts }) => (
              <section key={shortcuts[0]?.id} className="mb-5 break-inside-avoid last:mb-0">
                <h2 className="mb-1.5 text-sm font-semibold text-ink-2">{i18n._(name)}</h2>
                <dl>
                  {shortcuts.map((shortcut) => (
                    <div
                      key={shortcut.id}
                      data-testid={`shortcut-${shortcut.id}`}
                      className="flex min-h-7 items-baseline justify-between gap-4 border-t border-line py-1 text-sm"
                    >
                      <dt>{i18n._(shortcut.name)}</dt>
                      <dd className="flex flex-col items-end gap-1">
                        {shortcut.chords.map((chord) => (
                          <Keys key={keysOf(chord).join()} chord={chord} />
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Keys({ chord }: { chord: Chord }) {
  return (
    <span className="flex gap-1 whitespace-nowrap" dir="ltr">
      {keysOf(chord).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

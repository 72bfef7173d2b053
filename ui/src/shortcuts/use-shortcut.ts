// Who does what a shortcut says. Several may, for a key means the chat in the list and the message in the
// reader: the one that came last is asked first, and answers `false` where it is not meant.
import { useEffect, useRef } from "react";
import { isForFields, isSingleSign, matches, onMac } from "./chord";
import { singleKeys } from "./single-keys";
import { SHORTCUTS, type ShortcutId, shortcutsOf } from "./table";

/** `false`: not meant here. */
type Handler = (event: KeyboardEvent) => unknown;

const handlers = new Map<ShortcutId, Handler[]>();

/** Does something on a shortcut while the component is there. `fallback`: only where nobody else does. */
export function useShortcut(id: ShortcutId, handler: Handler | undefined, { fallback = false } = {}): void {
  const latest = useRef(handler);
  latest.current = handler;
  const is = handler !== undefined;
  useEffect(() => {
    if (!is) return;
    const asked: Handler = (event) => latest.current?.(event);
    const before = handlers.get(id) ?? [];
    handlers.set(id, fallback ? [asked, ...before] : [...before, asked]);
    return () =>
      void handlers.set(
        id,
        (handlers.get(id) ?? []).filter((each) => each !== asked),
      );
  }, [id, is, fallback]);
}

/** How many would do it just now. */
export function doers(id: ShortcutId): number {
  return handlers.get(id)?.length ?? 0;
}

/** Hears the keys of the whole window, after whatever has the focus has heard them. */
export function followKeys(): () => void {
  const hear = (event: KeyboardEvent) => void dispatch(event);
  window.addEventListener("keydown", hear);
  return () => window.removeEventListener("keydown", hear);
}

/** Does what a key says; says whether it said anything. */
export function dispatch(event: KeyboardEvent, mac = onMac): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  const all = mac === onMac ? SHORTCUTS : shortcutsOf(mac).flatMap(({ shortcuts }) => shortcuts);
  for (const { id, chords } of all) {
    const chord = chords.find((each) => matches(each, event, mac));
    if (chord === undefined) continue;
    if (isSingleSign(chord) && !singleKeys.read()) continue;
    if (!isForFields(chord) && isTyping(event.target)) continue;
    if (isElsewhere(id, event.target)) continue;
    const asked = [...(handlers.get(id) ?? [])].reverse();
    if (asked.some((handler) => handler(event) !== false)) {
      event.preventDefault();
      return true;
    }
  }
  return false;
}

const ANYWHERE: readonly ShortcutId[] = ["switcher", "sheet", "larger", "smaller", "usualSize"];

/** A dialog and a menu have the keys to themselves, but for those that close them again. */
function isElsewhere(id: ShortcutId, target: EventTarget | null): boolean {
  if (ANYWHERE.includes(id)) return false;
  return (
    target instanceof Element && target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null
  );
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

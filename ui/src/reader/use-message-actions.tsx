// A message's menu and its details, by pointer and by keys.
import { type MouseEvent, type ReactNode, useState } from "react";
import type { Chat, Message, Quote } from "../bindings";
import { useShortcut } from "../shortcuts/use-shortcut";
import { MessageDetails } from "./message-details";
import { type Asked, MessageMenu } from "./message-menu";
import type { Roving } from "./use-roving";

export function useMessageActions(
  chat: Chat,
  messageOf: (id: string) => Message | undefined,
  roving: Roving,
  onJump: (quote: Quote, from: string) => void,
) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [menu, setMenu] = useState(false);
  const [detailed, setDetailed] = useState<Message | null>(null);
  const [details, setDetails] = useState(false);

  /** Opens the menu of a message at a point, or below it. */
  function ask(id: string, at?: { x: number; y: number; target: Element }): boolean {
    const message = messageOf(id);
    const element = roving.element(id);
    if (message === undefined || element === null) return false;
    const selection = window.getSelection();
    const isWithin = selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode);
    setAsked({
      message,
      selected: isWithin ? selection.toString() : "",
      url: at?.target.closest<HTMLElement>("[data-url]")?.dataset.url ?? null,
      container: element.closest<HTMLElement>("[data-testid=reader]")?.parentElement ?? null,
      anchor: at === undefined ? element : { getBoundingClientRect: () => new DOMRect(at.x, at.y, 0, 0) },
    });
    setMenu(true);
    return true;
  }

  function show(message: Message): void {
    setDetailed(message);
    setDetails(true);
  }

  const current = () => messageOf(roving.current() ?? "");
  // The same key is the list's where that has the focus.
  useShortcut("menu", (event) => {
    const message = current();
    return isInPane(event.target) && message !== undefined && ask(message.id) ? undefined : false;
  });
  useShortcut("details", () => {
    const message = current();
    if (message === undefined) return false;
    show(message);
  });

  /** By ourselves: what closes would give the focus to the first button in the message. Says whether it is left to do. */
  function giveBack(id: string | undefined): boolean {
    const element = roving.element(id ?? "");
    element?.focus({ preventScroll: true });
    return element === null;
  }

  const popups: ReactNode = (
    <>
      <MessageMenu
        asked={asked}
        open={menu}
        onClose={() => setMenu(false)}
        onJump={onJump}
        onDetails={show}
        finalFocus={() => giveBack(asked?.message.id)}
      />
      <MessageDetails
        chat={chat}
        message={detailed}
        open={details}
        onClose={() => setDetails(false)}
        finalFocus={() => giveBack(detailed?.id)}
      />
    </>
  );

  return {
    popups,
    show,
    onContextMenu(event: MouseEvent<HTMLElement>) {
      const target = event.target as Element;
      const id = target.closest<HTMLElement>("[data-row]")?.dataset.row;
      if (id === undefined) return;
      const box = roving.element(id)?.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      // The key for menus makes this event too, and says a place that differs from engine to engine.
      const isInside =
        box !== undefined &&
        x >= box.left &&
        x <= box.right &&
        y >= box.top &&
        y <= box.bottom &&
        event.detail !== 0;
      if (ask(id, isInside || event.button === 2 ? { x, y, target } : undefined)) event.preventDefault();
    },
  };
}

function isInPane(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-testid=reader]") !== null;
}

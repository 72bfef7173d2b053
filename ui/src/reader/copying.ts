// What is copied of the messages: within one message what is selected, over several all of each with who said it.
import type { ClipboardEvent } from "react";
import type { Message } from "../bindings";
import { conversation } from "./wording";

/** The ids of the messages that a selection touches. */
function touched(pane: HTMLElement, selection: Selection): string[] {
  if (selection.isCollapsed || selection.rangeCount === 0) return [];
  const range = selection.getRangeAt(0);
  const ids: string[] = [];
  for (const row of pane.querySelectorAll<HTMLElement>("[data-row]")) {
    const words = row.querySelector("[data-testid=message-text]");
    if (words !== null && range.intersectsNode(words) && row.dataset.row !== undefined)
      ids.push(row.dataset.row);
  }
  return ids;
}

/** The browser would run the words of several people into one another. */
export function copySelected(
  event: ClipboardEvent<HTMLElement>,
  messageOf: (id: string) => Message | undefined,
): void {
  const selection = window.getSelection();
  if (selection === null) return;
  const messages = touched(event.currentTarget, selection).flatMap((id) => messageOf(id) ?? []);
  if (messages.length < 2) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", conversation(messages));
}

// Opening a chat at one message. It travels with the step in the window's history, so that going back and
// forth leads to the same message, and Esc knows where one came from.
import type { Excerpt, SearchHit } from "../bindings";

export type Jump = {
  /** The message's local id. */
  id: string;
  /** The piece of its text with what was looked for. */
  found: Excerpt;
  /** Came from the hits, to which Esc leads back. */
  fromHits: boolean;
  /** It begins what one wants to read, so it stands at the top of the pane and not in its middle. */
  atTop?: boolean;
};

/** To a message that nobody looked for by its words. */
export function jumpToTop(id: string): Jump {
  return { id, found: { text: "", start: 0, cut: false, marks: [] }, fromHits: false, atTop: true };
}

/** To a message that was not looked for by its words. */
export function jumpToMessage(id: string): Jump {
  return { id, found: { text: "", start: 0, cut: false, marks: [] }, fromHits: false };
}

export function jumpTo(hit: SearchHit, fromHits: boolean): Jump {
  return { id: hit.message_id, found: hit.text, fromHits };
}

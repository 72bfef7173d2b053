// Which chats are listed: chosen in the column, and remembered. The archive is a place one goes to, and not
// where one wants to find oneself the next day.
import { kept } from "../app/kept";
import type { ChatFilter } from "../bindings";

export type Filters = {
  filter: Extract<ChatFilter, "unread" | "groups"> | null;
  /** Only this account's. */
  account: string | null;
};

const NONE: Filters = { filter: null, account: null };

export const filters = kept("threadkeep.chats", check, NONE);

export function check(value: unknown): Filters | null {
  if (typeof value !== "object" || value === null) return null;
  const { filter, account }: { filter?: unknown; account?: unknown } = value;
  return {
    filter: filter === "unread" || filter === "groups" ? filter : null,
    account: typeof account === "string" ? account : null,
  };
}

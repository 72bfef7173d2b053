// A phone that is asked for older messages. `?history=` chooses how an earlier request ended.
import type { History, HistoryStatus } from "../bindings";
import { wait } from "./wait";

const DAY = 86_400_000;

const ERRORS: Partial<Record<HistoryStatus, string>> = {
  interrupted: "The phone did not answer. Look whether it is online.",
  failed: "The phone did not answer. Look whether it is online.",
};

export function olderMessages(query: URLSearchParams, pace: number, say: (chat: string) => Promise<void>) {
  const asked = new Map<string, History>();
  const ended = query.get("history") as HistoryStatus | null;

  const stands = (id: string): History =>
    asked.get(id) ?? {
      chat_id: id,
      status: ended ?? "not_started",
      messages_synced: ended === null ? 0 : 150,
      max_messages: 10_000,
      progress_percent: 1,
      last_message_id: null,
      last_timestamp: ended === null ? null : Date.now() - 400 * DAY,
      error_message: (ended !== null && ERRORS[ended]) || null,
      history_complete: ended === "completed",
      gaps: [],
      since: null,
      can_ask: !query.has("closed"),
      followed: ended === "in_progress",
    };

  const change = (id: string, more: Partial<History>): History => {
    const now = { ...stands(id), ...more };
    asked.set(id, now);
    return now;
  };

  return {
    history_get: ({ chatId }: Record<string, unknown>) => stands(String(chatId)),
    history_load: async ({ chatId }: Record<string, unknown>) => {
      const id = String(chatId);
      if (query.get("load") === "unreachable") {
        throw {
          code: "unreachable",
          message:
            "https://sync.example.org cannot be reached; check the address and the network, and that the server runs; what is already here is safe",
        };
      }
      change(id, { status: "in_progress", followed: true, messages_synced: 0 });
      for (let step = 1; step <= 40; step++) {
        await wait(pace * 10);
        if (stands(id).status !== "in_progress") return stands(id);
        change(id, { messages_synced: step * 50, last_timestamp: Date.now() - step * 40_000_000 });
        await say(id);
      }
      change(id, { status: "completed", history_complete: true, followed: false });
      await say(id);
      return stands(id);
    },
    history_cancel: ({ chatId }: Record<string, unknown>) =>
      change(String(chatId), { status: "cancelled", followed: false }),
  };
}

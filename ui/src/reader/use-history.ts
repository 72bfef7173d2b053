// The request for a chat's older messages: where it stands, and what a person can do about it. The request
// itself lives on the server; while this app follows it, the mirror changes with every step.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { historyQuery, sinceQuery } from "../app/queries";
import { commands, type History } from "../bindings";
import { useChatChange } from "./use-loaded";

export type HistoryControl = {
  /** Unknown until the core has answered. */
  history: History | null;
  /** What went wrong on the way, in words. */
  error: AppError | null;
  load: () => void;
  cancel: () => void;
};

/** `wanted` once something of it is in view: only then is the server asked. */
export function useHistory(chatId: string, wanted: boolean): HistoryControl {
  const client = useQueryClient();
  const query = useQuery({ ...historyQuery(chatId), enabled: wanted });
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: historyQuery(chatId).queryKey }),
      client.invalidateQueries({ queryKey: sinceQuery(chatId).queryKey }),
    ]);
  useChatChange(chatId, () => void refresh());
  const load = useMutation({
    mutationFn: () => call(commands.historyLoad(chatId)),
    onMutate: () => cancel.reset(),
    onSettled: refresh,
  });
  const cancel = useMutation({
    mutationFn: () => call(commands.historyCancel(chatId)),
    onSettled: refresh,
  });

  // One that runs without being followed (the app was closed in the middle) is followed again, once.
  const again = useRef(false);
  const history = query.data ?? null;
  const isLost = history !== null && history.status === "in_progress" && !history.followed;
  const { mutate, isPending } = load;
  useEffect(() => {
    if (!isLost || isPending || again.current) return;
    again.current = true;
    mutate();
  }, [isLost, isPending, mutate]);

  const fault = cancel.error ?? load.error ?? query.error;
  return {
    history,
    // Being stopped is what the person asked for.
    error: fault === null || toAppError(fault).code === "cancelled" ? null : toAppError(fault),
    load: () => mutate(),
    cancel: () => cancel.mutate(),
  };
}

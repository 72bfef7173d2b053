// Exports that write nothing, at a pace that can be watched. `?place=none` chooses no place, `?place=full` a full disk.
import type { Channel } from "@tauri-apps/api/core";
import type { ExportPlan, ExportProgress, ExportQuery, ExportReport } from "../bindings";
import type { Archive } from "./archive";
import { wait } from "./wait";

/** A chat is one file up to so many messages. */
const IN_ONE_FILE = 5_000;

export function exporting(asked: URLSearchParams, archive: Archive, pace: number) {
  const place = asked.get("place") ?? "documents";
  let cancelled = false;

  const plan = ({ chat_id, since, until, format }: ExportQuery): ExportPlan => {
    const chats = archive.chats.filter((chat) => chat_id === null || chat.id === chat_id);
    const counts = chats.map((chat) => {
      if (since === null && until === null) return chat.messages;
      const said = archive.messages.get(chat.id) ?? [];
      return said.filter(({ at }) => at >= (since ?? 0) && at < (until ?? Number.POSITIVE_INFINITY)).length;
    });
    const messages = counts.reduce((sum, count) => sum + count, 0);
    const is_folder =
      format === "html" ? chat_id === null || messages > IN_ONE_FILE : format === "txt" && chat_id === null;
    const name = chat_id === null ? "Threadkeep" : (chats[0]?.name ?? "Chat");
    return {
      chats: counts.filter((count) => count > 0).length,
      messages,
      is_folder,
      name: is_folder ? name : `${name}.${format}`,
    };
  };

  const write = async (
    query: ExportQuery,
    channel: Channel<ExportProgress>,
  ): Promise<ExportReport | null> => {
    cancelled = false;
    await wait(300);
    if (place === "none") return null;
    const { messages, is_folder, name } = plan(query);
    const steps = 40;
    for (let step = 0; step <= steps; step++) {
      channel.onmessage({ done: Math.round((messages * step) / steps), total: messages });
      await wait(90 / pace);
      if (cancelled)
        throw { code: "export_cancelled", message: "the export was stopped; nothing was left behind" };
      if (place === "full" && step === steps / 2) {
        throw {
          code: "export_failed",
          message: `cannot write /home/kim/Documents/${name}: there is no room left on the disk; nothing was left behind`,
        };
      }
    }
    return { messages, is_folder, path: `/home/kim/Documents/${name}` };
  };

  return {
    export_plan: ({ query }: Record<string, unknown>) => plan(query as ExportQuery),
    export_start: ({ query, onProgress }: Record<string, unknown>) =>
      write(query as ExportQuery, onProgress as Channel<ExportProgress>),
    export_cancel: () => {
      cancelled = true;
      return null;
    },
    export_show: () => null,
    export_open: () => null,
  };
}

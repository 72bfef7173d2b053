// Files of messages, played: asking for one brings it in a few steps, and every tenth time it fails once.
import { emit } from "@tauri-apps/api/event";
import type { Media, MediaSettings, Message } from "../bindings";
import type { Archive } from "./archive";
import { wait } from "./wait";

type Arguments = Record<string, unknown>;

export function filing(archive: Archive, say: (chat: string) => Promise<void>) {
  let settings: MediaSettings = { automatic: true, up_to_mb: 16 };
  const cancelled = new Set<string>();

  /** The message of a file, with its chat. */
  const find = (id: unknown): { chat: string; said: Message[]; at: number } | null => {
    for (const [chat, said] of archive.messages) {
      const at = said.findIndex((message) => message.media?.id === id);
      if (at >= 0) return { chat, said, at };
    }
    return null;
  };

  const change = async (id: unknown, part: Partial<Media>) => {
    const found = find(id);
    const message = found?.said[found.at];
    if (found === null || message?.media == null) return;
    found.said[found.at] = { ...message, media: { ...message.media, ...part } };
    await say(found.chat);
  };

  const pictures = (said: readonly Message[]) =>
    said.filter((message) => ["image", "video"].includes(message.media?.media_type ?? ""));

  const handlers: Record<string, (given: Arguments) => unknown> = {
    media_want: async ({ id }) => {
      cancelled.delete(String(id));
      await change(id, { state: "waiting", error: null });
      void (async () => {
        for (const received of [0, 120_000, 300_000, 430_000]) {
          await emit("media-moved", { running: [{ id, received, total: 482_113 }] });
          await wait(350);
        }
        await emit("media-moved", { running: [] });
        if (!cancelled.has(String(id))) await change(id, { state: "here" });
      })();
      return null;
    },
    media_look: () => null,
    media_leave: async ({ id }) => {
      cancelled.add(String(id));
      await change(id, { state: "on_server" });
      return null;
    },
    media_open: () => null,
    media_save: () => "/home/kim/Downloads/file.png",
    media_reveal: () => null,
    media_beside: ({ id }) => {
      const found = find(id);
      const among = pictures(found?.said ?? []);
      const at = among.findIndex((message) => message.media?.id === id);
      return { older: among[at - 1] ?? null, newer: among[at + 1] ?? null };
    },
    media_settings_read: () => settings,
    media_settings_write: ({ settings: chosen }) => {
      settings = chosen as MediaSettings;
      return settings;
    },
  };
  return handlers;
}

/** A picture of the file's own, since there is no core to read one from. */
export function drawn(id: string): string {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" width="1600" height="1200"><rect width="160" height="120" fill="hsl(${hue} 45% 70%)"/><circle cx="112" cy="34" r="13" fill="#ffecb4"/><path d="M0 84 40 58l34 22 40-34 46 30v44H0z" fill="hsl(${hue + 70} 30% 42%)"/><path d="M0 100 52 82l50 14 58-18v42H0z" fill="hsl(${hue + 70} 34% 26%)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

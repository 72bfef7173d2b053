import { convertFileSrc } from "@tauri-apps/api/core";

/** Where the window reads the bytes of a file from: only what is here, and only what is a picture, film or sound. */
export function addressOf(id: string): string {
  return convertFileSrc(id, "media");
}

/** On WebKitGTK players read from the web and from memory only, so a film goes through memory there. */
export const playsFromMemory =
  /\bLinux\b/.test(navigator.userAgent) && !/\bAndroid\b/.test(navigator.userAgent);

/** More than this is not held in memory. */
export const MOST_IN_MEMORY = 300_000_000;

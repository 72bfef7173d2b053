import { createContext } from "react";

/** The platform of the open chat, such as `whatsapp`: by it signs in a text mean something. */
export const Platform = createContext("");

/** Whether *stars* and _lines_ mean bold and italic there. The sample is made after WhatsApp. */
export function hasSigns(platform: string): boolean {
  return platform === "whatsapp" || platform === "sample";
}

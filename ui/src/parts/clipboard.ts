import { t } from "@lingui/core/macro";
import { notify } from "./notice";

/** Puts a text on the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(t`Copied`);
  } catch {
    notify(t`This could not be copied; it can be selected and copied by hand.`);
  }
}

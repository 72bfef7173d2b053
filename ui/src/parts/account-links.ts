import { t } from "@lingui/core/macro";
import type { Account, Link } from "../bindings";

export type LinkWords = { words: string; tone: string };

/** Whether one account is kept current, in words and with a colour; nothing for what never changes, nor before
 * a first sync: it stays current from then on. */
export function linkState(account: Account): LinkWords | null {
  const { link } = account;
  const unbegun = account.last_sync_at === null && link.state === "off" && link.problem === null;
  return account.is_sample || unbegun ? null : words(link);
}

function words({ state, problem }: Link): LinkWords {
  switch (state) {
    case "following":
      return { words: t`Live: what comes is here at once`, tone: "text-good" };
    case "polling":
      return { words: t`Looked at every half minute`, tone: "text-good" };
    case "connecting":
      return { words: t`Connecting…`, tone: "text-ink-2" };
    case "offline":
      return { words: t`Offline: tried again by itself`, tone: "text-warn" };
    default:
      return problem === null
        ? { words: t`Not kept current: sync by hand`, tone: "text-ink-2" }
        : { words: t`Not kept current`, tone: "text-bad" };
  }
}

/** How all of them stand, as one word; none where nobody listens or it would be a lie for some. */
export type Standing = "live" | "connecting" | "offline" | "stopped" | null;

export function standing(accounts: readonly Account[]): Standing {
  const links = accounts.filter((account) => !account.is_sample).map((account) => account.link);
  if (links.length === 0) return null;
  if (links.some((link) => link.state === "offline")) return "offline";
  if (links.some((link) => link.state === "off" && link.problem !== null)) return "stopped";
  if (links.some((link) => link.state === "connecting")) return "connecting";
  return links.every((link) => link.state === "following" || link.state === "polling") ? "live" : null;
}

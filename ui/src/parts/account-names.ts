import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { Account } from "../bindings";

const PLATFORMS: Readonly<Record<string, string>> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  signal: "Signal",
  messenger: "Messenger",
  instagram: "Instagram",
};

/** The platform as it writes itself. */
export function platformName(type: string): string {
  if (type === "sample") return t`Sample`;
  return PLATFORMS[type] ?? type.charAt(0).toUpperCase() + type.slice(1);
}

/** What an account is called, with its platform in front where the name does not say it. */
export function accountName(account: Account): string {
  const platform = platformName(account.integration_type);
  const own = account.display_name.trim() || account.external_id;
  if (account.is_sample) return own === "" ? t`Sample archive` : own;
  if (own === "") return platform;
  return own.toLowerCase().includes(platform.toLowerCase()) ? own : `${platform} · ${own}`;
}

const STATES: Readonly<Record<string, { words: MessageDescriptor; tone: string }>> = {
  connected: { words: msg`Connected`, tone: "bg-good" },
  connecting: { words: msg`Connecting`, tone: "bg-accent" },
  pairing: { words: msg`Waiting to be linked`, tone: "bg-warn" },
  disconnected: { words: msg`Not linked to the phone now`, tone: "bg-line-strong" },
  logged_out: { words: msg`Logged out: link it again`, tone: "bg-bad" },
};

/** How the server's link to the platform stands, in words and with a colour for the dot. */
export function connectionState(account: Account): { words: string; tone: string } {
  if (account.is_sample) return { words: t`Invented people`, tone: "bg-accent" };
  const state = STATES[account.connection];
  if (state === undefined) return { words: account.connection, tone: "bg-line-strong" };
  return { words: i18n._(state.words), tone: state.tone };
}

/** Where an account is pulled from, as people say it. */
export function serverName(account: Account): string {
  if (account.server === "") return t`This computer`;
  try {
    return new URL(account.server).host;
  } catch {
    return account.server;
  }
}

import type { Account } from "../bindings";

const PLATFORMS: Readonly<Record<string, string>> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  signal: "Signal",
  sample: "Sample",
};

/** The platform as it writes itself. */
export function platformName(type: string): string {
  return PLATFORMS[type] ?? type.charAt(0).toUpperCase() + type.slice(1);
}

/** What an account is called, with its platform in front where the name does not say it. */
export function accountName(account: Account): string {
  const platform = platformName(account.integration_type);
  const own = account.display_name.trim() || account.external_id;
  if (account.is_sample) return own === "" ? "Sample archive" : own;
  if (own === "") return platform;
  return own.toLowerCase().includes(platform.toLowerCase()) ? own : `${platform} · ${own}`;
}

const STATES: Readonly<Record<string, { words: string; tone: string }>> = {
  connected: { words: "Connected", tone: "bg-good" },
  connecting: { words: "Connecting", tone: "bg-accent" },
  pairing: { words: "Waiting to be linked", tone: "bg-warn" },
  disconnected: { words: "Not linked to the phone now", tone: "bg-line-strong" },
  logged_out: { words: "Logged out: link it again", tone: "bg-bad" },
};

/** How the server's link to the platform stands, in words and with a colour for the dot. */
export function connectionState(account: Account): { words: string; tone: string } {
  if (account.is_sample) return { words: "Invented people", tone: "bg-accent" };
  return STATES[account.connection] ?? { words: account.connection, tone: "bg-line-strong" };
}

/** Where an account is pulled from, as people say it. */
export function serverName(account: Account): string {
  if (account.server === "") return "This computer";
  try {
    return new URL(account.server).host;
  } catch {
    return account.server;
  }
}

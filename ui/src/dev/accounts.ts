// Invented accounts, and how the way to their servers stands.
import type { Account, Link } from "../bindings";

export const SERVER: Account = {
  id: "1",
  integration_type: "whatsapp",
  display_name: "+49 1511 ···67",
  external_id: "4915112345667@s.whatsapp.net",
  connection: "connected",
  server: "https://sync.example.org/",
  is_sample: false,
  last_sync_at: Date.now() - 240_000,
  link: { state: "following", problem: null },
  messages: 248_913,
};

export const SAMPLE: Account = {
  ...SERVER,
  id: "2",
  integration_type: "sample",
  display_name: "Sample archive",
  server: "",
  is_sample: true,
  link: { state: "off", problem: null },
  messages: 20_412,
};

/** `?link=` chooses how the way to the servers stands. */
const LINKS: Readonly<Record<string, Link>> = {
  connecting: { state: "connecting", problem: null },
  offline: {
    state: "offline",
    problem: { code: "unreachable", message: "https://sync.example.org cannot be reached" },
  },
  polling: { state: "polling", problem: null },
  off: { state: "off", problem: null },
  stopped: {
    state: "off",
    problem: {
      code: "unauthorized",
      message:
        "https://sync.example.org does not accept the token: it is wrong, expired or revoked; enter a new one; what is already here is safe",
    },
  },
};

/** `?sample` for the sample archive alone, `?two` for two accounts of which one waits to be linked. */
export function accountsOf(state: string, query: URLSearchParams): Account[] {
  if (state === "first") return [];
  const second: Account = {
    ...SAMPLE,
    is_sample: false,
    id: "3",
    display_name: "This computer",
    integration_type: "whatsapp",
    connection: "logged_out",
    last_sync_at: null,
    messages: 0,
  };
  const all = query.has("two") ? [SERVER, second] : query.has("sample") ? [SAMPLE] : [SERVER];
  const link = LINKS[query.get("link") ?? ""];
  return all.map((account) => ({
    ...account,
    ...(state === "empty" ? { last_sync_at: null, messages: 0 } : {}),
    ...(link === undefined ? {} : { link }),
  }));
}

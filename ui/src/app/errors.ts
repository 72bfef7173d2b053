// From a code to how grave it is, a headline, and the one button that helps. The core's own sentence, which
// knows the address or the file, goes below the headline. A code that is not here still gets its sentence.

export type Severity = "info" | "warn" | "bad";

/** What a person can do about it. `none`: nothing helps, or nothing needs to be done. */
export type Action = "retry" | "connect" | "show_folder" | "restart" | "none";

export type Entry = { severity: Severity; headline: string; action: Action };

const TABLE: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  // Reaching a server.
  ["bad_address", warn("This is not the address of a server", "connect")],
  ["unreachable", warn("The server cannot be reached", "retry")],
  ["timeout", warn("The server did not answer in time", "retry")],
  ["interrupted", warn("The connection broke", "retry")],
  ["tls", bad("No secure connection to the server", "connect")],
  ["not_a_server", bad("This is not a Threadkeep server", "connect")],
  // Being let in.
  ["unauthorized", bad("The server does not accept the token", "connect")],
  ["forbidden", bad("The token may not read this account", "connect")],
  ["token_missing", bad("The token of this account is missing", "connect")],
  ["no_integrations", warn("The token opens no account", "connect")],
  ["not_found", bad("The server has no such account", "connect")],
  ["secret", bad("The token could not be kept", "retry")],
  // What the server sent.
  ["bad_page", bad("The server sent something unreadable", "retry")],
  ["cursor_stuck", bad("The server's list does not move on", "retry")],
  ["cursor_went_back", bad("The server's list went backwards", "retry")],
  ["epoch_changed", warn("The server's history was replaced", "retry")],
  ["too_large", bad("The server sent more than can be read", "retry")],
  ["bad_request", bad("The server refuses the request", "retry")],
  ["rate_limited", warn("The server asks for patience", "retry")],
  ["server_error", warn("The server has a fault of its own", "retry")],
  ["unavailable", warn("The server cannot do this now", "retry")],
  // Comparing with a server.
  ["no_digest", warn("This server cannot say what it holds", "none")],
  ["server_restless", warn("The server changed all the while", "retry")],
  ["server_lost_rows", bad("The server has lost something", "none")],
  ["not_mended", bad("Not everything could be compared", "retry")],
  // Syncing.
  ["busy", info("A sync is running already", "none")],
  ["cancelled", info("The sync was stopped", "retry")],
  ["no_accounts", info("There is no account here yet", "connect")],
  ["no_account", warn("This account is no longer here", "none")],
  ["no_integration", warn("This account is no longer here", "none")],
  // What is kept here.
  ["would_free", warn("This would remove something from this computer", "retry")],
  ["too_many_rules", warn("Too many chats have a rule of their own", "none")],
  // Older messages.
  ["no_history", info("No older messages from here", "none")],
  // Reading.
  ["no_chat", warn("This chat is no longer here", "none")],
  ["bad_cursor", warn("This place in the list is gone", "retry")],
  ["link_refused", warn("The link was not opened", "none")],
  ["not_opened", warn("Nothing on this computer opens this", "none")],
  // Searching.
  ["search_index", warn("Nothing can be looked for just now", "retry")],
  ["search_superseded", info("Another search came between", "retry")],
  // The data folder.
  ["no_home", bad("There is no place for the data folder", "none")],
  ["not_a_folder", bad("The data folder is not a folder", "none")],
  ["denied", bad("The data folder may not be used", "show_folder")],
  ["read_only", warn("The data folder is read-only", "show_folder")],
  ["disk_full", bad("The disk is full", "retry")],
  ["held", warn("Threadkeep is open already", "none")],
  ["io", bad("The data folder cannot be read or written", "show_folder")],
  ["home_not_empty", warn("The data folder is in use", "none")],
  // The mirror.
  ["mirror_newer", warn("A newer Threadkeep made these files", "none")],
  ["mirror_read_only", warn("Nothing can be written", "show_folder")],
  ["mirror_full", bad("The disk is full", "retry")],
  ["mirror_locked", warn("Another program holds the files", "retry")],
  ["mirror_damaged", bad("The local copy is damaged", "show_folder")],
  ["mirror_missing", bad("The local copy is missing", "show_folder")],
  ["mirror_empty", bad("The local copy is empty", "show_folder")],
  ["mirror_not_a_database", bad("The local copy cannot be read", "show_folder")],
  ["mirror_not_a_mirror", bad("The file is not Threadkeep's", "show_folder")],
  ["mirror_migration", bad("The local copy could not be brought up to date", "show_folder")],
  ["mirror_io", bad("The local copy cannot be read or written", "show_folder")],
  ["mirror_failed", bad("The local copy failed", "retry")],
  ["mirror_closed", bad("The local copy was closed", "restart")],
  ["export_io", bad("The file could not be written", "retry")],
  ["export_failed", bad("The file could not be written", "retry")],
  // This computer's own server.
  ["server_store", bad("The server on this computer cannot use its file", "show_folder")],
  ["listen", bad("The server on this computer could not start", "retry")],
  // The app itself.
  ["internal", bad("Something in Threadkeep failed", "retry")],
  ["shell", bad("The window cannot reach the app", "restart")],
  ["window", bad("Something in the window failed", "restart")],
]);

const FALLBACK: Entry = { severity: "bad", headline: "Something went wrong", action: "retry" };

/** The codes that have words of their own. */
export const KNOWN_CODES: readonly string[] = [...TABLE.keys()];

export function entryFor(code: string): Entry {
  return TABLE.get(code) ?? FALLBACK;
}

/** A sentence as it stands alone: a capital at the front, a stop at the end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  const first = String.fromCodePoint(trimmed.codePointAt(0) ?? 0);
  // A word with a dot or a colon in it is an address; a capital would change it.
  const isAddress = /^[a-z]+:\/\/|^[\w-]+[.:]\w/.test(trimmed);
  const start = isAddress ? trimmed : first.toUpperCase() + trimmed.slice(first.length);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}

function info(headline: string, action: Action): Entry {
  return { severity: "info", headline, action };
}

function warn(headline: string, action: Action): Entry {
  return { severity: "warn", headline, action };
}

function bad(headline: string, action: Action): Entry {
  return { severity: "bad", headline, action };
}

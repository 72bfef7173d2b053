// From a code to how grave it is, a headline, and the one button that helps. The core's own sentence, which
// knows the address or the file, goes below the headline. A code that is not here still gets its sentence.
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export type Severity = "info" | "warn" | "bad";

/** What a person can do about it. `none`: nothing helps, or nothing needs to be done. */
export type Action = "retry" | "connect" | "show_folder" | "restart" | "none";

export type Entry = { severity: Severity; headline: string; action: Action };

type Kept = Omit<Entry, "headline"> & { headline: MessageDescriptor };

const TABLE: ReadonlyMap<string, Kept> = new Map<string, Kept>([
  // Reaching a server.
  ["bad_address", warn(msg`This is not the address of a server`, "connect")],
  ["unreachable", warn(msg`The server cannot be reached`, "retry")],
  ["timeout", warn(msg`The server did not answer in time`, "retry")],
  ["interrupted", warn(msg`The connection broke`, "retry")],
  ["tls", bad(msg`No secure connection to the server`, "connect")],
  ["not_a_server", bad(msg`This is not a Threadkeep server`, "connect")],
  // Being let in.
  ["unauthorized", bad(msg`The server does not accept the token`, "connect")],
  ["forbidden", bad(msg`The token may not read this account`, "connect")],
  ["token_missing", bad(msg`The token of this account is missing`, "connect")],
  ["no_integrations", warn(msg`The token opens no account`, "connect")],
  ["not_found", bad(msg`The server has no such account`, "connect")],
  ["secret", bad(msg`The token could not be kept`, "retry")],
  // What the server sent.
  ["bad_page", bad(msg`The server sent something unreadable`, "retry")],
  ["cursor_stuck", bad(msg`The server's list does not move on`, "retry")],
  ["cursor_went_back", bad(msg`The server's list went backwards`, "retry")],
  ["epoch_changed", warn(msg`The server's history was replaced`, "retry")],
  ["too_large", bad(msg`This is more than can be read`, "retry")],
  ["bad_request", bad(msg`The server refuses the request`, "retry")],
  ["rate_limited", warn(msg`The server asks for patience`, "retry")],
  ["server_error", warn(msg`The server has a fault of its own`, "retry")],
  ["unavailable", warn(msg`The server cannot do this now`, "retry")],
  ["unknown_view", info(msg`The server has forgotten what is kept here`, "retry")],
  ["snapshot", bad(msg`The server’s copy of everything does not fit`, "retry")],
  // Comparing with a server.
  ["no_digest", warn(msg`This server cannot say what it holds`, "none")],
  ["server_restless", warn(msg`The server changed all the while`, "retry")],
  ["server_lost_rows", bad(msg`The server has lost something`, "none")],
  ["not_mended", bad(msg`Not everything could be compared`, "retry")],
  // Importing.
  ["unknown_format", warn(msg`This is nothing that can be imported`, "none")],
  ["unreadable_file", warn(msg`The file cannot be read`, "retry")],
  ["file_not_found", warn(msg`The file is no longer there`, "none")],
  ["cannot_open", warn(msg`The file cannot be opened`, "retry")],
  ["not_a_file", warn(msg`This is neither a file nor a folder`, "none")],
  ["truncated_file", warn(msg`The file is damaged or cut short`, "none")],
  ["bad_zip", warn(msg`The archive is damaged`, "none")],
  ["protected", warn(msg`The archive is locked with a password`, "none")],
  ["encrypted_backup", warn(msg`The backup of the phone is encrypted`, "none")],
  ["html_download", warn(msg`This was downloaded as HTML, not as JSON`, "none")],
  ["needs_key", warn(msg`The file is encrypted`, "none")],
  ["wrong_key", warn(msg`The key does not open the file`, "none")],
  ["key_file", warn(msg`This is no key file`, "none")],
  ["no_import", warn(msg`This import is no longer here`, "none")],
  ["no_platform", warn(msg`The files hold something else`, "none")],
  ["other_platform", warn(msg`The account is of another platform`, "none")],
  ["may_not_import", warn(msg`The account’s server may only be read`, "none")],
  ["no_format", warn(msg`There is no such format`, "none")],
  ["no_zone", warn(msg`There is no such time zone`, "none")],
  ["import_cancelled", info(msg`The import was stopped`, "none")],
  // Syncing.
  ["busy", info(msg`A sync is running already`, "none")],
  ["cancelled", info(msg`The sync was stopped`, "retry")],
  ["no_accounts", info(msg`There is no account here yet`, "connect")],
  ["no_account", warn(msg`This account is no longer here`, "none")],
  ["no_integration", warn(msg`This account is no longer here`, "none")],
  // What is kept here.
  ["would_free", warn(msg`This would remove something from this computer`, "retry")],
  ["too_many_rules", warn(msg`Too many chats have a rule of their own`, "none")],
  // Older messages.
  ["no_history", info(msg`No older messages from here`, "none")],
  // Reading.
  ["no_contact", warn(msg`This person is no longer here`, "none")],
  ["no_chat", warn(msg`This chat is no longer here`, "none")],
  ["bad_cursor", warn(msg`This place in the list is gone`, "retry")],
  ["link_refused", warn(msg`The link was not opened`, "none")],
  ["not_opened", warn(msg`Nothing on this computer opens this`, "none")],
  // Files of messages.
  ["no_media", warn(msg`This file is not on this computer`, "none")],
  ["not_openable", warn(msg`This kind of file is saved, not opened`, "none")],
  ["save_failed", bad(msg`The file could not be saved`, "retry")],
  ["media_wrong", bad(msg`The server sent another file than it announced`, "retry")],
  ["media_disk", bad(msg`The file could not be written`, "show_folder")],
  // Searching.
  ["search_index", warn(msg`Nothing can be looked for just now`, "retry")],
  ["search_superseded", info(msg`Another search came between`, "retry")],
  // The data folder.
  ["no_home", bad(msg`There is no place for the data folder`, "none")],
  ["not_a_folder", bad(msg`The data folder is not a folder`, "none")],
  ["denied", bad(msg`The data folder may not be used`, "show_folder")],
  ["read_only", warn(msg`The data folder is read-only`, "show_folder")],
  ["disk_full", bad(msg`The disk is full`, "retry")],
  ["held", warn(msg`Threadkeep is open already`, "none")],
  ["io", bad(msg`The data folder cannot be read or written`, "show_folder")],
  ["home_not_empty", warn(msg`The data folder is in use`, "none")],
  // The mirror.
  ["mirror_newer", warn(msg`A newer Threadkeep made these files`, "none")],
  ["mirror_read_only", warn(msg`Nothing can be written`, "show_folder")],
  ["mirror_full", bad(msg`The disk is full`, "retry")],
  ["mirror_locked", warn(msg`Another program holds the files`, "retry")],
  ["mirror_damaged", bad(msg`The local copy is damaged`, "show_folder")],
  ["mirror_missing", bad(msg`The local copy is missing`, "show_folder")],
  ["mirror_empty", bad(msg`The local copy is empty`, "show_folder")],
  ["mirror_not_a_database", bad(msg`The local copy cannot be read`, "show_folder")],
  ["mirror_not_a_mirror", bad(msg`The file is not Threadkeep's`, "show_folder")],
  ["mirror_migration", bad(msg`The local copy could not be brought up to date`, "show_folder")],
  ["mirror_io", bad(msg`The local copy cannot be read or written`, "show_folder")],
  ["mirror_failed", bad(msg`The local copy failed`, "retry")],
  ["mirror_closed", bad(msg`The local copy was closed`, "restart")],
  ["export_io", bad(msg`The file could not be written`, "retry")],
  ["exporting", info(msg`An export is running already`, "none")],
  ["export_cancelled", info(msg`The export was stopped`, "none")],
  ["several_files", warn(msg`This takes several files`, "none")],
  ["export_failed", bad(msg`The file could not be written`, "retry")],
  // This computer's own server.
  ["server_store", bad(msg`The server on this computer cannot use its file`, "show_folder")],
  ["listen", bad(msg`The server on this computer could not start`, "retry")],
  // The app itself.
  ["internal", bad(msg`Something in Threadkeep failed`, "retry")],
  ["shell", bad(msg`The window cannot reach the app`, "restart")],
  ["window", bad(msg`Something in the window failed`, "restart")],
]);

const FALLBACK = bad(msg`Something went wrong`, "retry");

/** The codes that have words of their own. */
export const KNOWN_CODES: readonly string[] = [...TABLE.keys()];

export function entryFor(code: string): Entry {
  const kept = TABLE.get(code) ?? FALLBACK;
  return { ...kept, headline: i18n._(kept.headline) };
}

/**
 * One line for what went wrong, where there is room for no more. The core's own sentence knows more than a headline,
 * but it is English: other languages have the headline of its code.
 */
export function brief({ code, message }: { code: string; message: string }): string {
  return sentence(i18n.locale === "en" ? message : entryFor(code).headline);
}

/** The same with the core's own sentence behind it, where that is another: for a title, which has room. */
export function told(fault: { code: string; message: string }): string {
  const [words, own] = [brief(fault), sentence(fault.message)];
  return own === "" || own === words ? words : `${words}\n${own}`;
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

function info(headline: MessageDescriptor, action: Action): Kept {
  return { severity: "info", headline, action };
}

function warn(headline: MessageDescriptor, action: Action): Kept {
  return { severity: "warn", headline, action };
}

function bad(headline: MessageDescriptor, action: Action): Kept {
  return { severity: "bad", headline, action };
}

import { describe, expect, it } from "vitest";
import { entryFor, KNOWN_CODES, sentence } from "./errors";

// Every code that the core can say: an error without words of its own would leave a person alone with it.
const CODES_OF_THE_CORE = `bad_address internal unreachable timeout interrupted tls unauthorized forbidden
  not_found not_a_server bad_page cursor_stuck rate_limited server_error bad_request too_large epoch_changed
  cancelled mirror_newer mirror_missing mirror_empty mirror_not_a_database mirror_not_a_mirror mirror_read_only
  mirror_full mirror_locked mirror_damaged mirror_migration mirror_io mirror_failed mirror_closed no_integration
  cursor_went_back export_io no_home not_a_folder denied read_only disk_full held io server_store secret listen
  no_integrations token_missing no_accounts no_account no_chat no_contact bad_cursor busy home_not_empty export_failed
  exporting export_cancelled several_files link_refused not_opened unavailable search_index search_superseded would_free too_many_rules`
  .trim()
  .split(/\s+/);

describe("the table of errors", () => {
  it.each(CODES_OF_THE_CORE)("has words of its own for %s", (code) => {
    expect(KNOWN_CODES).toContain(code);
    expect(entryFor(code).headline).not.toBe(entryFor("a code of a newer core").headline);
  });

  it("still says something for a code that nobody knows", () => {
    expect(entryFor("a code of a newer core")).toEqual({
      severity: "bad",
      headline: "Something went wrong",
      action: "retry",
    });
  });

  it("is not fooled by the names that every object has", () => {
    expect(entryFor("constructor").headline).toBe("Something went wrong");
  });

  it("sends people to the token where the token is the trouble, and to a retry where time heals", () => {
    expect(entryFor("unauthorized").action).toBe("connect");
    expect(entryFor("token_missing").action).toBe("connect");
    expect(entryFor("timeout").action).toBe("retry");
    expect(entryFor("mirror_damaged").action).toBe("show_folder");
  });

  it("writes headlines without a stop, in words and not in codes", () => {
    for (const code of KNOWN_CODES) {
      const { headline } = entryFor(code);
      expect(headline).toMatch(/^[A-Z][^_]+[^.]$/);
    }
  });
});

describe("a sentence", () => {
  it("begins with a capital and ends with a stop", () => {
    expect(sentence("a sync is running already")).toBe("A sync is running already.");
  });

  it("leaves an address at its front as it is", () => {
    expect(sentence("https://a.example does not answer")).toBe("https://a.example does not answer.");
    expect(sentence("nas.local:8750 does not answer.")).toBe("nas.local:8750 does not answer.");
  });

  it("keeps what already ends, and stays empty where nothing was said", () => {
    expect(sentence("Really?")).toBe("Really?");
    expect(sentence("  ")).toBe("");
  });
});

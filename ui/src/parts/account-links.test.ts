import { expect, test } from "vitest";
import type { Account, LinkState } from "../bindings";
import { linkState, standing } from "./account-links";

const problem = { code: "unauthorized", message: "The token is refused" };

function account(state: LinkState, more: Partial<Account> & { problem?: typeof problem } = {}): Account {
  const { problem: fault = null, ...rest } = more;
  return { is_sample: false, link: { state, problem: fault }, ...rest } as Account;
}

test("one word for all accounts: the worst of them", () => {
  expect(standing([])).toBe(null);
  expect(standing([account("following"), account("polling")])).toBe("live");
  expect(standing([account("following"), account("connecting")])).toBe("connecting");
  expect(standing([account("connecting"), account("offline")])).toBe("offline");
  expect(standing([account("following"), account("off", { problem })])).toBe("stopped");
});

test("where nobody listens nothing is claimed", () => {
  expect(standing([account("off")])).toBe(null);
  expect(standing([account("following"), account("off")])).toBe(null);
});

test("before a first sync there is nothing to stay current with", () => {
  expect(linkState(account("off", { last_sync_at: null }))).toBe(null);
  expect(linkState(account("off", { last_sync_at: 1 }))?.words).toMatch(/by hand/);
  expect(linkState(account("off", { last_sync_at: null, problem }))?.words).toBe("Not kept current");
});

test("the sample archive never changes and counts for nothing", () => {
  const sample = account("off", { is_sample: true });
  expect(linkState(sample)).toBe(null);
  expect(standing([sample])).toBe(null);
  expect(standing([sample, account("following")])).toBe("live");
});

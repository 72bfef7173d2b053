import { expect, test } from "vitest";
import type { AppState } from "../bindings";
import { withLink } from "./links";

const off = { state: "off", problem: null } as const;
const following = { state: "following", problem: null } as const;

test("a change is that of its account alone", () => {
  const app = {
    accounts: [
      { id: "1", link: off },
      { id: "2", link: off },
    ],
  } as AppState;
  const after = withLink(app, { account_id: "2", link: following });
  expect(after?.accounts.map((account) => account.link.state)).toEqual(["off", "following"]);
  expect(app.accounts[1]?.link.state).toBe("off");
});

test("before anything is known there is nothing to change", () => {
  expect(withLink(undefined, { account_id: "1", link: following })).toBe(undefined);
});

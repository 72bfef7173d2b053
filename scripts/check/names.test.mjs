import assert from "node:assert/strict";
import { test } from "node:test";
import rule from "./names.mjs";

const problems = (name, manifest) =>
  rule.run({
    metadata: () => ({ workspace_root: "/r", packages: [{ name, manifest_path: `/r/${manifest}` }] }),
  }).problems;

test("a package that is not called after its folder is found", () => {
  assert.equal(problems("threadkeep-store", "crates/mirror/Cargo.toml").length, 1);
  assert.equal(problems("mirror", "crates/mirror/Cargo.toml").length, 1);
  assert.equal(problems("threadkeep", "Cargo.toml").length, 1);
});

test("the folder's name is fine, and the root is the desktop", () => {
  assert.deepEqual(problems("threadkeep-mirror", "crates/mirror/Cargo.toml"), []);
  assert.deepEqual(problems("threadkeep-tests", "tests/Cargo.toml"), []);
  assert.deepEqual(problems("threadkeep-desktop", "Cargo.toml"), []);
});

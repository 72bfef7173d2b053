import assert from "node:assert/strict";
import { test } from "node:test";
import { pretendRepo } from "./repo.mjs";
import rule from "./traces.mjs";

const problems = (path, text) => rule.run(pretendRepo({ [path]: text })).problems;
// Put together here, so that the rule does not find its own test.
const folder = (...parts) => `/${parts.join("/")}`;

test("a path of somebody's machine is found, with its line", () => {
  for (const path of [folder("root", "x"), folder("home", "ann", "x"), folder("Users", "Ann", "x"), folder("tmp", "x")]) {
    assert.match(problems("a.md", `first\nsee ${path}`)[0] ?? "", /^a\.md:2 /, path);
  }
});

test("an address on the web or in the app is no machine's path", () => {
  assert.deepEqual(problems("a.md", "https://example.org/home/ann/x and /usr/bin/env and crates/home/src/lib.rs"), []);
});

test("an invented person of a test may have a home, but no test may name this machine's folders", () => {
  assert.deepEqual(problems("tests/support/a.rs", folder("home", "ann", "x")), []);
  assert.equal(problems("tests/support/a.rs", folder("tmp", "x")).length, 1);
});

test("a package from elsewhere is found in each lock file", () => {
  assert.equal(problems("Cargo.lock", 'source = "registry+https://crates.example.org/index"').length, 1);
  assert.deepEqual(problems("Cargo.lock", 'source = "registry+https://github.com/rust-lang/crates.io-index"'), []);
  assert.equal(problems("package-lock.json", '"resolved": "https://npm.example.org/a.tgz"').length, 1);
  assert.deepEqual(problems("package-lock.json", '"resolved": "https://registry.npmjs.org/a.tgz"'), []);
});

test("a registry in a configuration is found", () => {
  assert.equal(problems(".npmrc", "registry=https://npm.example.org").length, 1);
  assert.equal(problems(".cargo/config.toml", 'replace-with = "mirror"').length, 1);
  assert.deepEqual(problems(".npmrc", "omit-lockfile-registry-resolved=true"), []);
});

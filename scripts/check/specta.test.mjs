import assert from "node:assert/strict";
import { test } from "node:test";
import { pretendNeed as need, pretendRepo } from "./repo.mjs";
import rule from "./specta.mjs";

const inText = (text) => rule.run(pretendRepo({ "crates/app/src/view.rs": text })).problems;
const inPackage = (more) =>
  rule.run(pretendRepo({}, [{ name: "threadkeep-app", dependencies: [], ...more }])).problems;

test("a bare derive, attribute or import is found", () => {
  assert.equal(inText("#[derive(Debug, specta::Type)]\nstruct A;").length, 1);
  assert.equal(inText("    #[specta(type = String)]\n    a: u64,").length, 1);
  assert.equal(inText("use specta::Type;").length, 1);
});

test("behind the feature each is fine", () => {
  assert.deepEqual(inText('#[cfg_attr(feature = "specta", derive(specta::Type))]\nstruct A;'), []);
  assert.deepEqual(inText('#[cfg(feature = "specta")]\nuse specta::Type;'), []);
  assert.deepEqual(inText('#[cfg(feature = "specta")]\n#[derive(specta::Type)]\nstruct A;'), []);
});

test("a dependency that is always there, or a feature that is on by default, is found", () => {
  assert.equal(inPackage({ dependencies: [need("specta")] }).length, 1);
  assert.equal(inPackage({ features: { default: ["specta"] } }).length, 1);
  assert.deepEqual(inPackage({ dependencies: [need("specta", null, { optional: true })] }), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import rule from "./arrows.mjs";
import { pretendNeed as need, pretendRepo } from "./repo.mjs";

const problems = (name, ...dependencies) =>
  rule.run(pretendRepo({}, [{ name: `threadkeep-${name}`, dependencies }])).problems;

test("an arrow that points up is found", () => {
  assert.deepEqual(problems("mirror", need("threadkeep-sync")), ["mirror → sync is no arrow of the architecture"]);
});

test("an arrow of the architecture is fine, and so is a dev-dependency that points up", () => {
  assert.deepEqual(problems("sync", need("threadkeep-mirror"), need("threadkeep-server", "dev")), []);
});

test("tests may use everything but the window", () => {
  assert.deepEqual(problems("tests", need("threadkeep-app"), need("threadkeep-server-store")), []);
  assert.equal(problems("tests", need("threadkeep-desktop")).length, 1);
});

test("a package nobody has placed is found", () => {
  assert.match(problems("newcomer")[0], /not in the table/);
});

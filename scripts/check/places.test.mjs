import assert from "node:assert/strict";
import { test } from "node:test";
import rule from "./places.mjs";
import { pretendNeed as need, pretendRepo } from "./repo.mjs";

const problems = (name, ...dependencies) =>
  rule.run(pretendRepo({}, [{ name: `threadkeep-${name}`, dependencies }])).problems;

test("the window's toolkit, HTTP and SQLite are found where they do not belong", () => {
  assert.equal(problems("app", need("tauri")).length, 1);
  assert.equal(problems("mirror", need("tauri-plugin-opener")).length, 1);
  assert.equal(problems("app", need("reqwest")).length, 1);
  assert.equal(problems("sync", need("rusqlite")).length, 1);
});

test("each is fine in its place, and in what only tests use", () => {
  assert.deepEqual(problems("desktop", need("tauri"), need("tauri-build", "build")), []);
  assert.deepEqual(problems("sync", need("reqwest")), []);
  assert.deepEqual(problems("server-store", need("rusqlite"), need("refinery")), []);
  assert.deepEqual(problems("server", need("reqwest", "dev")), []);
  assert.deepEqual(problems("tests", need("rusqlite"), need("reqwest")), []);
});

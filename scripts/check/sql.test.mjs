import assert from "node:assert/strict";
import { test } from "node:test";
import { pretendRepo } from "./repo.mjs";
import rule from "./sql.mjs";

const problems = (path, text) => rule.run(pretendRepo({ [path]: text })).problems;

test("each kind of statement outside the two databases is found, with its line", () => {
  for (const statement of [
    "SELECT id FROM messages",
    "INSERT INTO messages (id) VALUES (?1)",
    "INSERT OR IGNORE INTO messages (id) VALUES (?1)",
    "UPDATE messages SET id = ?1",
    "DELETE FROM messages",
    "CREATE TABLE messages (id) STRICT",
  ]) {
    const [problem] = problems("crates/app/src/a.rs", `fn a() {\n    run("${statement}");\n}\n`);
    assert.match(problem ?? "", /^crates\/app\/src\/a\.rs:2 /, statement);
  }
});

test("SQL is fine in its places, in tests and in words", () => {
  const statement = 'run("SELECT 1");';
  assert.deepEqual(problems("crates/mirror/src/a.rs", statement), []);
  assert.deepEqual(problems("crates/server-store/src/a.rs", statement), []);
  assert.deepEqual(problems("tests/journeys/a.rs", statement), []);
  assert.deepEqual(problems("crates/sync/tests/a.rs", statement), []);
  assert.deepEqual(problems("crates/app/src/a.rs", `#[cfg(test)]\nmod tests {\n    ${statement}\n}\n`), []);
  assert.deepEqual(problems("crates/app/src/a.rs", "// A SELECT would be slower here.\nfn update() {}"), []);
});

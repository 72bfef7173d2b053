import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, doubled, misnamed } from "./migrations.mjs";
import { pretendRepo } from "./repo.mjs";

test("a migration that refinery would skip in silence is found", () => {
  for (const name of ["V1_init.sql", "v1__init.sql", "V01__init.sql", "V1__Init.sql", "1__init.sql", "V1__init-two.sql"]) {
    assert.equal(misnamed([`migrations/mirror/${name}`]).length, 1, name);
  }
  assert.deepEqual(misnamed(["migrations/mirror/V1__init.sql", "migrations/mirror/V12__add_media.sql"]), []);
});

test("two migrations of one number are found, in one database only", () => {
  assert.equal(doubled(["migrations/mirror/V1__a.sql", "migrations/mirror/V1__b.sql"]).length, 1);
  assert.deepEqual(doubled(["migrations/mirror/V1__a.sql", "migrations/server_sqlite/V1__a.sql"]), []);
});

test("a shipped migration that was edited or removed is found; a new one is fine", () => {
  const git = (command) =>
    command === "merge-base" ? "abc\n" : "M\tmigrations/mirror/V1__a.sql\nD\tmigrations/mirror/V2__b.sql\nA\tmigrations/mirror/V3__c.sql\n";
  const problems = changed(pretendRepo({}), git);
  assert.equal(problems.length, 2);
  assert.match(problems[0], /V1__a\.sql was shipped/);
  assert.match(problems[1], /instead of removing/);
});

test("a clone that knows no origin has shipped nothing", () => {
  assert.deepEqual(changed(pretendRepo({}), () => null), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import rule from "./pure_plan.mjs";
import { pretendRepo } from "./repo.mjs";

const problems = (path, text) => rule.run(pretendRepo({ [path]: text })).problems;

test("a clock, a die and a task in the plan are found", () => {
  for (const line of ["let t = Instant::now();", "SystemTime::now()", "getrandom::fill(&mut b)", "tokio::spawn(f)"]) {
    assert.equal(problems("crates/sync/src/plan.rs", line).length, 1, line);
    assert.equal(problems("crates/sync/src/plan/steps.rs", line).length, 1, line);
  }
});

test("elsewhere they are fine, and so is a time that is passed in", () => {
  assert.deepEqual(problems("crates/sync/src/retry.rs", "Instant::now()"), []);
  assert.deepEqual(problems("crates/sync/src/plan.rs", "fn plan(now: Timestamp) {}"), []);
});

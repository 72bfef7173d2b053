import assert from "node:assert/strict";
import { test } from "node:test";
import { fromCargoTest, fromJunit, fromPlaywright, fromTap, fromVitest, summary } from "./count.mjs";

test("each runner's report is counted", () => {
  const junit = '<testsuites name="nextest-run" tests="12" failures="2" errors="1" uuid="u" time="0.5">';
  assert.deepEqual(fromJunit(junit), { passed: 9, failed: 3 });
  const cargo = "test result: ok. 3 passed; 0 failed; 0 ignored\n\ntest result: FAILED. 4 passed; 1 failed; 0 ignored\n";
  assert.deepEqual(fromCargoTest(cargo), { passed: 7, failed: 1 });
  assert.deepEqual(fromTap("TAP version 13\nok 1 - a\n    ok 1 - in a\nnot ok 2 - b\n1..2\n"), { passed: 1, failed: 1 });
  assert.deepEqual(fromTap("ok 1 - a\n1..1\nTAP version 13\nok 1 - b\n1..1\n# pass 1\n"), { passed: 2, failed: 0 });
  const vitest = { numPassedTests: 6, numFailedTests: 0, testResults: [{ status: "failed", assertionResults: [] }] };
  assert.deepEqual(fromVitest(JSON.stringify(vitest)), { passed: 6, failed: 1 });
  const playwright = { stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 1 }, errors: [{}] };
  assert.deepEqual(fromPlaywright(JSON.stringify(playwright)), { passed: 6, failed: 3 });
});

test("a report that was never finished counts nothing", () => {
  assert.equal(fromJunit(""), null);
  assert.equal(fromCargoTest("error: could not compile"), null);
  assert.equal(fromTap("TAP version 13\nok 1 - a\n"), null);
  assert.equal(fromVitest("{}"), null);
  assert.equal(fromPlaywright("{}"), null);
});

test("the last line is plain only where everything passed and was counted", () => {
  const rust = { name: "rust", ok: true, hasTests: true, count: { passed: 3, failed: 0 } };
  const ui = { name: "ui", ok: true, hasTests: true, count: { passed: 4, failed: 0 } };
  assert.equal(summary([rust, ui]), "7 passed, 0 failed");
  assert.equal(summary([rust, { name: "window", ok: false }]), "3 passed, 0 failed; failed steps: window");
  assert.match(summary([rust, { ...ui, count: null }]), /not counted: ui/);
});

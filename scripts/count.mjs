// How many tests a runner says it ran. Null where it did not come so far as to say: a number that was
// not reported is never made up.

/** cargo-nextest's JUnit file. */
export function fromJunit(xml) {
  const head = xml.match(/<testsuites [^>]*>/)?.[0];
  if (!head) return null;
  const number = (name) => Number(head.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return { passed: number("tests") - failed, failed };
}

/** What `cargo test` prints, a line a test program. */
export function fromCargoTest(output) {
  return sum(output, /^test result: \S+ (\d+) passed; (\d+) failed/gm);
}

/**
 * Node's TAP, or several one after the other: a line a test. The totals at its end are not read, for a
 * run that ends by force does not come to write them.
 */
export function fromTap(tap) {
  if (!/^1\.\.\d+$/m.test(tap)) return null;
  const count = (pattern) => tap.match(pattern)?.length ?? 0;
  return { passed: count(/^ok \d+/gm), failed: count(/^not ok \d+/gm) };
}

/** Vitest's JSON report. */
export function fromVitest(json) {
  const report = JSON.parse(json);
  if (typeof report.numPassedTests !== "number") return null;
  // A file that cannot even be loaded holds no tests, and is a failure all the same.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** Playwright's JSON report. What passed at the second try has passed. */
export function fromPlaywright(json) {
  const { stats, errors = [] } = JSON.parse(json);
  if (typeof stats?.expected !== "number") return null;
  // A file that cannot even be loaded is an error of the run, and no test of it is counted.
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length };
}

function sum(output, pattern) {
  const lines = [...output.matchAll(pattern)];
  if (lines.length === 0) return null;
  return lines.reduce(
    (total, [, passed, failed]) => ({
      passed: total.passed + Number(passed),
      failed: total.failed + Number(failed),
    }),
    { passed: 0, failed: 0 },
  );
}

/** The last line of a whole run; says plainly where something could not be counted. */
export function summary(steps) {
  const failed = steps.filter((step) => !step.ok);
  const counted = steps.flatMap((step) => (step.count ? [step.count] : []));
  const total = counted.reduce(
    (sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }),
    { passed: 0, failed: 0 },
  );
  const numbers = `${total.passed} passed, ${total.failed} failed`;
  const unknown = steps.filter((step) => step.hasTests && !step.count).map((step) => step.name);
  if (failed.length === 0 && unknown.length === 0) return numbers;
  const what = [];
  if (failed.length > 0) what.push(`failed steps: ${failed.map((step) => step.name).join(", ")}`);
  if (unknown.length > 0) what.push(`not counted: ${unknown.join(", ")}`);
  return `${numbers}; ${what.join("; ")}`;
}

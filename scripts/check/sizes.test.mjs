import assert from "node:assert/strict";
import { test } from "node:test";
import { pretendRepo } from "./repo.mjs";
import rule from "./sizes.mjs";

const lines = (count, first = "//! A file.") => `${first}\n${"\n".repeat(count - 1)}`;
const run = (texts) => rule.run(pretendRepo(texts));

test("a file over 600 lines is a problem, whatever it says", () => {
  assert.deepEqual(run({ "a.rs": lines(601, "//! long because I like it") }).problems, ["a.rs has 601 lines: split it"]);
  assert.deepEqual(run({ "a.rs": lines(600) }).problems, []);
});

test("a file over 400 lines is noted unless it says why", () => {
  assert.match(run({ "a.tsx": lines(401) }).notes.join(), /a\.tsx has 401 lines/);
  assert.doesNotMatch(run({ "a.tsx": lines(401, "// long because one table stays together") }).notes.join(), /a\.tsx/);
});

test("the median is told, and what is generated does not count", () => {
  const { notes, problems } = run({ "a.rs": lines(10), "b.rs": lines(20), "c.ts": lines(90), "ui/src/bindings.ts": lines(900) });
  assert.equal(notes[0], "median 20 lines over 3 files");
  assert.deepEqual(problems, []);
});

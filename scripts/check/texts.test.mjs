import assert from "node:assert/strict";
import { test } from "node:test";
import { pretendRepo } from "./repo.mjs";
import rule, { textsIn } from "./texts.mjs";

const found = (source, path = "ui/src/a.tsx") => textsIn(path, source).map(({ text }) => text);

test("words between the marks are found, and those within a macro are not", () => {
  assert.deepEqual(found("export const A = () => <p>Hello</p>;"), ["Hello"]);
  assert.deepEqual(found("export const A = () => <p><Trans>Hello <b>you</b></Trans> · 5</p>;"), []);
  assert.deepEqual(found("export const A = () => <kbd>Esc</kbd>;"), []);
});

test("what is drawn by an expression is found", () => {
  assert.deepEqual(found('export const A = ({ n }) => <p>{n ? "yes" : t`no`}</p>;'), ["yes"]);
  assert.deepEqual(found("export const A = ({ n }) => <p>{n > 0 && `${n} of them`}</p>;"), ["… of them"]);
  assert.deepEqual(found('export const A = ({ n }) => <p>{n === "yes" ? 1 : 2}</p>;'), []);
});

test("names, titles and placeholders are found, classes and ids are not", () => {
  assert.deepEqual(found('export const A = () => <p aria-label="close" title={x ? "a" : "b"} />;'), ["close", "a", "b"]);
  assert.deepEqual(found('export const A = () => <p aria-label={t`close`} className="Grid of text" id="a" />;'), []);
  assert.deepEqual(found('export const A = () => <img alt="A house" />;'), ["A house"]);
});

test("a word for a part of ours is found, the name of a drawing is not", () => {
  assert.deepEqual(found('export const A = () => <Toggle name="Media" about={t`All of it`} testId="Media" />;'), ["Media"]);
  assert.deepEqual(found('export const A = () => <Icon name="search" />;'), []);
});

test("a sentence anywhere in the code is found, but for programmers it may be", () => {
  assert.deepEqual(found('export const words = "Nothing is here.";', "ui/src/a.ts"), ["Nothing is here."]);
  assert.deepEqual(found("export const words = msg`Nothing is here.`;", "ui/src/a.ts"), []);
  assert.deepEqual(found('throw new Error("No such thing");', "ui/src/a.ts"), []);
  assert.deepEqual(found('export const key = event.key === "ArrowDown";', "ui/src/a.ts"), []);
  assert.deepEqual(found('plural(n, { one: "One of them", other: "All of them" });', "ui/src/a.ts"), []);
});

test("sources are read, tests and invented archives are not", () => {
  const text = "export const A = () => <p>Hello</p>;";
  const repo = pretendRepo({ "ui/src/a.tsx": text, "ui/src/a.test.tsx": text, "ui/src/dev/a.tsx": text });
  assert.deepEqual(rule.run(repo).problems, ["ui/src/a.tsx:1 is not translated: Hello"]);
});

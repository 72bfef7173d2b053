// The rules that ask another program, each on a small folder with one fault in it.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { compare } from "./bindings.mjs";
import clippy from "./clippy.mjs";
import deny from "./deny.mjs";
import formatting from "./formatting.mjs";
import ui from "./ui.mjs";

const manifest = (more = "") =>
  `[package]\nname = "small"\nversion = "0.1.0"\nedition = "2024"\npublish = false\n${more}[workspace]\n`;

/** Runs a rule over a folder with these files, and takes the folder away again. */
async function problems(rule, texts, wish = {}) {
  const folder = mkdtempSync(join(tmpdir(), "threadkeep-rule-"));
  const shared = process.env.CARGO_TARGET_DIR;
  // The small crate must not litter the workspace's target folder.
  process.env.CARGO_TARGET_DIR = join(folder, "target");
  try {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return (await rule.run({ folder, files: Object.keys(texts) }, wish)).problems;
  } finally {
    if (shared === undefined) delete process.env.CARGO_TARGET_DIR;
    else process.env.CARGO_TARGET_DIR = shared;
    rmSync(folder, { recursive: true });
  }
}

test("Rust that rustfmt would change is found", async () => {
  const found = await problems(formatting, { "Cargo.toml": manifest(), "src/lib.rs": "fn  a( ) {}\n" });
  assert.deepEqual(found, ["src/lib.rs is not formatted"]);
  assert.deepEqual(await problems(formatting, { "Cargo.toml": manifest(), "src/lib.rs": "fn a() {}\n" }), []);
});

test("a warning of clippy is an error in CI, and only there", async () => {
  const lock = 'version = 4\n\n[[package]]\nname = "small"\nversion = "0.1.0"\n';
  const texts = { "Cargo.toml": manifest(), "Cargo.lock": lock, "src/lib.rs": "pub fn a() {\n    return ();\n}\n" };
  assert.equal((await problems(clippy, texts, { ci: true })).length, 1);
  assert.deepEqual(await problems(clippy, texts, { ci: false }), []);
});

test("a licence that nobody allowed is found", async () => {
  const texts = {
    "Cargo.toml": manifest('license = "GPL-3.0-only"\n'),
    "src/lib.rs": "",
    "deny.toml": '[licenses]\nallow = ["MIT"]\n',
  };
  assert.match((await problems(deny, texts))[0] ?? "", /GPL-3\.0/);
  assert.deepEqual(await problems(deny, { ...texts, "Cargo.toml": manifest('license = "MIT"\n') }), []);
});

test("pages with a wrong type or a mistake are found", async () => {
  const texts = {
    "biome.json": '{ "formatter": { "indentStyle": "space" } }\n',
    "ui/tsconfig.json": '{ "compilerOptions": { "strict": true, "noEmit": true }, "files": ["a.ts"] }\n',
  };
  const found = await problems(ui, { ...texts, "ui/a.ts": 'export const a: number = "b";\ndebugger;\n' });
  assert.match(found.join("\n"), /^biome:[\s\S]*debugger[\s\S]*^tsc:[\s\S]*TS2322/m);
  assert.deepEqual(await problems(ui, { ...texts, "ui/a.ts": "export const a: number = 1;\n" }), []);
});

test("bindings that are out of date are found at their first line", () => {
  assert.deepEqual(compare("a\nb\n", "a\nb\n"), []);
  assert.match(compare("a\nb\n", "a\nc\n")[0], /bindings\.ts:2 is out of date/);
  assert.match(compare("a\n", "a\nb\n")[0], /:2 is out of date/);
});

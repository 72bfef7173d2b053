import assert from "node:assert/strict";
import { test } from "node:test";
import { missingPackages } from "./debian.mjs";
import { checkNode } from "./node.mjs";
import { checkPlatform } from "./platform.mjs";
import { atLeast, howToInstall } from "./rust.mjs";
import { toolsFolder } from "./tools.mjs";

test("an old Node is refused in words, a new one is not", () => {
  assert.throws(() => checkNode("18.20.4"), /Node\.js 18\.20\.4 is too old/);
  assert.throws(() => checkNode("20.9.0"), /too old/);
  checkNode("20.19.0");
  checkNode("24.1.0");
});

test("versions are compared as numbers", () => {
  assert.equal(atLeast("1.92.0", "1.92"), true);
  assert.equal(atLeast("1.100.0", "1.92"), true, "100 is more than 92, though not as text");
  assert.equal(atLeast("1.85.0", "1.92"), false);
  assert.equal(atLeast("2.0", "1.92"), true);
});

test("missing Rust is answered with the line to type", () => {
  assert.match(howToInstall(null, "linux"), /rustup\.rs \| sh/);
  assert.match(howToInstall("1.63.0", "linux"), /1\.63\.0 is too old/);
  assert.match(howToInstall(null, "win32"), /rustup-init\.exe/);
});

test("only what is not installed is asked for", () => {
  assert.deepEqual(missingPackages(["a", "b", "c"], new Set(["b"])), ["a", "c"]);
});

test("a Mac without the command line tools is told how to get them", () => {
  assert.throws(() => checkPlatform("darwin", () => null), /xcode-select --install/);
  checkPlatform("darwin", () => "there");
});

test("tools lie in the cache, outside the clone", () => {
  assert.match(toolsFolder("linux", { XDG_CACHE_HOME: "/c" }), /^.c.threadkeep-tools$/);
  assert.match(toolsFolder("linux", {}), /\.cache.threadkeep-tools$/);
  assert.match(toolsFolder("darwin", {}), /Caches.threadkeep-tools$/);
});

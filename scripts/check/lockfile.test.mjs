import assert from "node:assert/strict";
import { test } from "node:test";
import rule, { completed, missingFrom, platform } from "./lockfile.mjs";
import { pretendRepo } from "./repo.mjs";

const lock = {
  packages: {
    "": { devDependencies: { tool: "1.0.0" } },
    "node_modules/tool": {
      version: "1.0.0",
      dev: true,
      optionalDependencies: { "tool-linux-x64-gnu": "1.0.0", "tool-darwin-arm64": "1.0.0" },
    },
    "node_modules/tool-linux-x64-gnu": { version: "1.0.0", dev: true, optional: true },
  },
};

test("a platform that the lock file forgot is found", () => {
  const { problems } = rule.run(pretendRepo({ "package-lock.json": JSON.stringify(lock) }));
  assert.equal(problems.length, 1);
  assert.match(problems[0], /lacks tool-darwin-arm64/);
});

test("it is added as what npm itself would have written, and then nothing is missing", () => {
  const whole = completed(lock, missingFrom(lock));
  assert.deepEqual(whole.packages["node_modules/tool-darwin-arm64"], {
    version: "1.0.0",
    dev: true,
    optional: true,
    os: ["darwin"],
    cpu: ["arm64"],
  });
  assert.deepEqual(missingFrom(whole), []);
});

test("a package that lies inside its owner is there", () => {
  const inside = {
    packages: {
      "node_modules/a": { optionalDependencies: { b: "1.0.0" } },
      "node_modules/a/node_modules/b": { optionalDependencies: { c: "1.0.0" } },
      "node_modules/a/node_modules/c": {},
    },
  };
  assert.deepEqual(missingFrom(inside), []);
});

test("a name says for which platform it is", () => {
  assert.deepEqual(platform("@a/cli-linux-x64-musl"), { os: ["linux"], cpu: ["x64"], libc: ["musl"] });
  assert.deepEqual(platform("@a/cli-linux-arm-gnueabihf"), { os: ["linux"], cpu: ["arm"], libc: ["glibc"] });
  assert.deepEqual(platform("@a/cli-win32-x64-msvc"), { os: ["win32"], cpu: ["x64"] });
  assert.deepEqual(platform("@a/oxide-wasm32-wasi"), { cpu: ["wasm32"] });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import rule from "./configuration.mjs";
import { pretendRepo } from "./repo.mjs";

const problems = (app) => rule.run(pretendRepo({ "tauri.conf.json": JSON.stringify({ app }) })).problems;
const csp = "default-src 'self'";

test("each opening in the window's configuration is found", () => {
  assert.match(problems({ security: { csp, dangerousDisableAssetCspModification: true } })[0], /dangerousDisable/);
  assert.match(problems({ security: {} })[0], /no content security policy/);
  assert.match(problems({ security: { csp: "script-src 'unsafe-inline'" } })[0], /unsafe-/);
  assert.match(problems({ security: { csp, devCsp: "style-src 'unsafe-inline'" } })[0], /unsafe-/);
  assert.match(problems({ security: { csp: `${csp}; frame-src isolation:` } })[0], /frame-src/);
  assert.match(problems({ security: { csp }, withGlobalTauri: true })[0], /global/);
});

test("a closed configuration is fine", () => {
  assert.deepEqual(problems({ withGlobalTauri: false, security: { csp } }), []);
});

// The pages: Biome on form and mistakes, TypeScript on types.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root, run } from "../run.mjs";

export default {
  name: "ui",
  about: "Biome and tsc have nothing to say",
  cost: 2,
  async run(repo, { fix }) {
    if (!existsSync(join(root, "node_modules"))) {
      return { problems: ["the npm packages are missing: npm ci"] };
    }
    const biome = fix ? ["check", "--write"] : ["check"];
    return {
      problems: [
        ...(await complaints(repo, "biome", "@biomejs/biome", biome)),
        ...(await complaints(repo, "tsc", "typescript", ["--noEmit", "-p", "ui"])),
      ],
    };
  },
};

async function complaints(repo, name, packageName, args) {
  const program = programOf(name, packageName);
  const { code, output } = await run(process.execPath, [program, ...args], { cwd: repo.folder, keep: "hide" });
  return code === 0 ? [] : [`${name}:\n${output.trim()}`];
}

/** The JavaScript file behind a package's command; spawning it with Node works on every system. */
export function programOf(name, packageName) {
  const require = createRequire(join(root, "package.json"));
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[name]);
}

// Clippy over everything. Its warnings are errors in CI only: they must not stop somebody who tries
// a thing out. `RUSTFLAGS` stays untouched, for a change of it rebuilds the world.

import { run } from "../run.mjs";

export default {
  name: "clippy",
  about: "clippy is content with the whole workspace",
  cost: 4,
  async run(repo, { ci }) {
    const args = ["clippy", "--workspace", "--all-targets", ...(ci ? ["--locked", "--", "-D", "warnings"] : [])];
    const { code, output } = await run("cargo", args, { cwd: repo.folder, keep: "show" });
    const warnings = output.match(/^warning: (?!`)/gm)?.length ?? 0;
    return {
      problems: code === 0 ? [] : ["clippy found errors; they stand above"],
      notes: code === 0 && warnings > 0 ? [`${warnings} warnings; CI takes each for an error`] : [],
    };
  },
};

// Who we depend on: banned crates, licences we can ship under, sources we trust (deny.toml).

import { run } from "../run.mjs";
import { tool } from "../setup/tools.mjs";

export default {
  name: "deny",
  about: "cargo deny finds no banned crate, licence or source",
  cost: 3,
  async run(repo) {
    const program = await tool("cargo-deny");
    const args = ["--log-level", "error", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
    const { code, output } = await run(program, args, { cwd: repo.folder, keep: "hide" });
    return { problems: code === 0 ? [] : [output.trim()] };
  },
};

// rustfmt has the last word on how Rust looks.

import { run } from "../run.mjs";

export default {
  name: "formatting",
  about: "cargo fmt has nothing to change",
  cost: 1,
  async run(repo, { fix }) {
    const args = fix ? ["fmt", "--all"] : ["fmt", "--all", "--check"];
    const { code, output } = await run("cargo", args, { cwd: repo.folder, keep: "hide" });
    if (code === 0) return { problems: [] };
    const files = [...new Set([...output.matchAll(/^Diff in (.*?):\d+:?$/gm)].map(([, file]) => file))];
    const places = files.map((file) => `${file.replace(`${repo.folder}/`, "")} is not formatted`);
    return { problems: places.length > 0 ? places : [output.trim()] };
  },
};

// The server and the terminal must not compile the window's type exporter: its derives stand behind
// a feature that is off unless the window asks.

import { hits, shippedRust } from "./repo.mjs";

const bare = /^\s*#!?\[(derive\([^\]]*\bspecta\b|specta\()/;
const use = /^\s*(pub )?use specta\b/;

export default {
  name: "specta",
  about: "specta derives are behind the feature specta, off by default",
  run(repo) {
    const sources = shippedRust(repo).filter((path) => path.startsWith("crates/"));
    return {
      problems: [...repo.metadata().packages.flatMap(always), ...sources.flatMap((path) => unguarded(path, repo))],
    };
  },
};

function always({ name, dependencies, features = {} }) {
  if (name === "threadkeep-desktop") return [];
  const problems = dependencies
    .filter((need) => /^specta/.test(need.name) && need.kind !== "dev" && !need.optional)
    .map((need) => `${name} depends on ${need.name} always: make it optional`);
  if (features.default?.includes("specta")) problems.push(`${name} has the feature specta on by default`);
  return problems;
}

function unguarded(path, repo) {
  const text = repo.read(path);
  const lines = text.split("\n");
  return [...hits(path, text, bare), ...hits(path, text, use)]
    .filter(({ at }) => !lines[Number(at.split(":").at(-1)) - 2]?.includes('cfg(feature = "specta")'))
    .map(({ at }) => `${at} needs cfg_attr(feature = "specta", …)`);
}

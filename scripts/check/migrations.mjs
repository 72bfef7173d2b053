// A migration that somebody's file has already run is history: changing it divides those who have
// run it from those who have not. What counts as shipped is what the main branch of the origin has.

import { execFileSync } from "node:child_process";

const shippedIn = ["origin/main", "origin/master"];

export default {
  name: "migrations",
  about: "migrations are numbered V<n>__snake_case.sql, and shipped ones never change",
  run(repo) {
    const files = repo.files.filter((path) => /^migrations\/.*\.sql$/.test(path));
    return { problems: [...misnamed(files), ...doubled(files), ...changed(repo)] };
  },
};

export function misnamed(files) {
  return files
    .filter((path) => !/\/V[1-9]\d*__[a-z0-9]+(_[a-z0-9]+)*\.sql$/.test(path))
    .map((path) => `${path} is no V<n>__snake_case.sql`);
}

export function doubled(files) {
  const numbers = files.map((path) => path.replace(/__.*/, ""));
  return numbers
    .filter((number, index) => numbers.indexOf(number) !== index)
    .map((number) => `two migrations are called ${number}`);
}

/** `git` is passed in by the test. */
export function changed(repo, git = (...args) => gitIn(repo.folder, args)) {
  const base = shippedIn.map((branch) => git("merge-base", "HEAD", branch)).find(Boolean);
  if (!base) return [];
  const edits = git("diff", "--name-status", "--no-renames", base.trim(), "--", "migrations") ?? "";
  return edits
    .split("\n")
    .filter((line) => /^[MD]\t/.test(line))
    .map((line) => `${line.slice(2)} was shipped: add a migration instead of ${line[0] === "M" ? "editing" : "removing"} it`);
}

function gitIn(folder, args) {
  try {
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}

// Builds what is run: the pages, and the programs that embed or serve them. One profile and one
// target folder for start, check and tests, so that each crate is compiled once.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ask, inCi, must, npm, root } from "./run.mjs";
import { dim, say } from "./terminal.mjs";

/** The choice of packages and features that start, check, tests and end-to-end tests share. */
export const wholeWorkspace = ["--workspace", "--features", "threadkeep-desktop/custom-protocol"];

/** Remembers what `ui/dist` was built from; lies beside it, for Vite empties the folder itself. */
const stampFile = join(root, "node_modules", ".threadkeep-ui");

/** Builds the pages unless nothing they are made from has changed. */
export async function buildUi() {
  const wanted = digestOf([join(root, "ui"), join(root, "package-lock.json")]);
  const built = existsSync(stampFile) && readFileSync(stampFile, "utf8");
  if (built === wanted && existsSync(join(root, "ui", "dist", "index.html"))) {
    say(dim("The pages are built."));
    return;
  }
  const [command, args] = npm("run", "--silent", "ui:build");
  await must("Building the pages", command, args);
  writeFileSync(stampFile, wanted);
}

/** Builds the window with its pages inside; `buildUi` has to come first. */
export async function buildDesktop() {
  await buildPrograms("threadkeep-desktop");
}

/**
 * Builds programs of ours. Always over the whole workspace: which features of a shared crate are on
 * depends on the packages chosen, and each other choice would compile most of the tree once more.
 */
export async function buildPrograms(...names) {
  const locked = inCi ? ["--locked"] : [];
  const bins = names.flatMap((name) => ["--bin", name]);
  await must(`Building ${names.join(", ")}`, "cargo", ["build", ...locked, ...wholeWorkspace, ...bins]);
}

/** Where a program of ours lies once it is built. */
export function program(name) {
  return join(binFolder(), process.platform === "win32" ? `${name}.exe` : name);
}

/** The same, as the benchmarks build it. */
export function releaseProgram(name) {
  return join(targetFolder(), "release", basename(program(name)));
}

export function binFolder() {
  return join(targetFolder(), "debug");
}

export function targetFolder() {
  const metadata = JSON.parse(ask("cargo", ["metadata", "--no-deps", "--format-version", "1"]) ?? "{}");
  return metadata.target_directory ?? join(root, "target");
}

function digestOf(paths) {
  const hash = createHash("sha256");
  const visit = (path, entry) => {
    if (!entry.isDirectory()) {
      hash.update(path).update("\0").update(readFileSync(path)).update("\0");
      return;
    }
    for (const inner of readdirSync(path, { withFileTypes: true }).sort(byName)) {
      if (inner.name !== "dist" && inner.name !== "node_modules") visit(join(path, inner.name), inner);
    }
  };
  for (const path of paths) visit(path, { isDirectory: () => !path.endsWith(".json") });
  return hash.digest("hex");
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

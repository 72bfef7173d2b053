// Node itself, and the packages of package-lock.json.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, npm, root, Stop } from "../run.mjs";
import { dim, say } from "../terminal.mjs";

const lockFile = join(root, "package-lock.json");
/** Remembers which lock file `node_modules` was made from. */
const stampFile = join(root, "node_modules", ".threadkeep-lock");

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(
    `Node.js ${version} is too old: 20.19 or newer is needed. Debian 13 has it (apt-get install nodejs npm); elsewhere take it from https://nodejs.org. Then type this command again.`,
  );
}

export async function installNodePackages() {
  const wanted = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) {
    say(dim("All npm packages are there."));
    return;
  }
  const [command, args] = npm("ci", "--no-audit", "--no-fund");
  await must("npm ci", command, args);
  writeFileSync(stampFile, wanted);
}

// Programs that only the tests and checks use, built by cargo at one exact version into a folder
// outside the clone, so that every clone of this user shares them.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { must } from "../run.mjs";
import { say } from "../terminal.mjs";

const versions = { "tauri-driver": "2.1.0", "cargo-deny": "0.20.2", "cargo-fuzz": "0.13.2" };

export function toolsFolder(platform = process.platform, env = process.env) {
  const cache =
    env.XDG_CACHE_HOME ||
    (platform === "darwin" && join(homedir(), "Library", "Caches")) ||
    (platform === "win32" && env.LOCALAPPDATA) ||
    join(homedir(), ".cache");
  return join(cache, "threadkeep-tools");
}

/** Answers the path of a tool, and builds it first where it is missing. */
export async function tool(name) {
  // A folder a version: an older clone that still wants the older one keeps it.
  const folder = join(toolsFolder(), `${name}-${versions[name]}`);
  const path = join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
  if (!existsSync(path)) {
    say(`Building ${name} ${versions[name]} into ${folder} (once, about a minute).`);
    const args = ["install", name, "--version", `=${versions[name]}`, "--locked", "--debug", "--root", folder];
    // Its own target folder: the workspace's is for the workspace.
    await must(`Building ${name}`, "cargo", args, { env: { CARGO_TARGET_DIR: join(folder, "target") } });
  }
  return path;
}

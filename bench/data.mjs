// What is measured on: servers filled with made-up messages. The same number and seed make the same rows,
// so they are made once and kept beside what is compiled (target/bench-data).

import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { targetFolder } from "../scripts/build.mjs";
import { ask } from "../scripts/run.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";
import { ours } from "./common.mjs";

/** Another number where the generator or the server's tables change. */
const FORMAT = 1;

export function dataFolder() {
  return join(targetFolder(), "bench-data");
}

/** A server's home with so many messages: `filled` says how to reach it, `truth` what a client must end with. */
export async function filledServer({ messages, seed }) {
  const folder = join(dataFolder(), `server-${messages}-${seed}-${FORMAT}`);
  const note = join(folder, "filled.json");
  if (!existsSync(note)) {
    step(`Filling a server with ${Number(messages).toLocaleString("en")} messages (seed ${seed})`);
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const filled = await ours("fill", "--home", join(draft, "home"), "--messages", messages, "--seed", seed);
    const rows = await ours("digest", filled.database, "--ids", "blob");
    const { words } = await ours("words", filled.database);
    const { integration, token } = filled;
    const noted = { filled: { integration, token }, truth: { ...rows, words } };
    writeFileSync(join(draft, "filled.json"), JSON.stringify(noted));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }
  const { filled, truth } = JSON.parse(readFileSync(note, "utf8"));
  const home = join(folder, "home");
  const database = join(home, "server", "server.db");
  say(dim(`${truth.messages.toLocaleString("en")} messages, digest ${truth.digest.slice(0, 16)}…`));
  return { home, database, filled, truth };
}

/** A copy of a server's home that may be written. */
export function copyOf(home, place) {
  cpSync(home, place, { recursive: true, mode: 2 });
  return place;
}

/** Free space where the data lies, in GiB. */
export function freeSpace() {
  mkdirSync(dataFolder(), { recursive: true });
  const lines = (ask("df", ["-Pk", dataFolder()]) ?? "").split("\n");
  return Number(lines[1]?.split(/\s+/)[3] ?? 0) / 2 ** 20;
}

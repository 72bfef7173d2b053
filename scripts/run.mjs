// Runs other programs. A program that is interrupted ends itself (it shares our terminal and got the
// same Ctrl-C); we wait for it, so that nothing is left behind, and then stop too.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { red, say } from "./terminal.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const inCi = Boolean(process.env.CI) && process.env.CI !== "false";

/** Something a person has to know or do: shown as words, without a stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const children = new Set();
let interrupted = false;

process.on("SIGINT", () => {
  interrupted = true;
  if (children.size === 0) process.exit(130);
});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) child.kill("SIGTERM");
    if (children.size === 0) process.exit(143);
  });
}

/**
 * Runs a program to its end and answers `{ code, output }`. `output` is what it wrote, where `keep` asks
 * for it: "show" also passes it on, "hide" does not. Without `keep` the program has the terminal itself.
 */
export async function run(command, args = [], { cwd = root, env = {}, keep } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: keep ? ["inherit", "pipe", "pipe"] : "inherit",
  });
  children.add(child);
  const chunks = [];
  if (keep) {
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on("data", (chunk) => {
        chunks.push(chunk);
        if (keep === "show") to.write(chunk);
      });
    }
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    });
    // The child may be gone before our own signal is told to us: 130 says the same.
    if (interrupted || code === 130) throw new Stop("Stopped.", 130);
    return { code, output: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    if (error.code === "ENOENT") return { code: 127, output: `${command} was not found` };
    throw error;
  } finally {
    children.delete(child);
  }
}

/** Runs a program that has to succeed; `what` names it in the error. */
export async function must(what, command, args = [], options = {}) {
  const { code } = await run(command, args, options);
  if (code !== 0) {
    throw new Stop(`${what} failed (${command} ended with ${code}); the reason stands above.`);
  }
}

/** Asks a program something short; null where it is missing or says no. */
export function ask(command, args = []) {
  const answer = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  return answer.status === 0 ? answer.stdout.trim() : null;
}

/** Where a program lies on the PATH; null where it does not. */
export function which(program) {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      if (folder && existsSync(path)) return path;
    }
  }
  return null;
}

/** npm itself, as a program and its first arguments; Windows cannot spawn `npm.cmd` without a shell. */
export function npm(...args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith("js")) return [process.execPath, [script, ...args]];
  return ["npm", args];
}

/** Runs a script's main function and turns what it throws into words and an exit code. */
export async function main(action) {
  try {
    process.exitCode = (await action()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(`\n${red(error.message)}`);
    process.exitCode = error.exitCode;
  }
}

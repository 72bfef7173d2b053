// What the tasks share: our programs, a server over a filled file, the oracle.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { releaseProgram } from "../scripts/build.mjs";
import { must, npm, root, run, Stop } from "../scripts/run.mjs";
import { findRust } from "../scripts/setup/rust.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";
import { dataFolder } from "./data.mjs";

export const peers = join(root, "bench", "peers");

/** An empty folder to work in, on the same disk as the data. */
export function workplace() {
  const work = join(dataFolder(), "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  return work;
}

export function clearWorkplace() {
  rmSync(join(dataFolder(), "work"), { recursive: true, force: true });
}

let isBuilt = false;

/** Builds once for all tasks of a run. */
export async function build() {
  if (isBuilt) return;
  await findRust();
  step("Building the server and our client (release)");
  await must("Building", "cargo", ["build", "--release", "-p", "threadkeep-server", "-p", "threadkeep-bench"]);
  await installPeers();
  isBuilt = true;
}

/** better-sqlite3 is compiled here: its prebuilt file is fetched from a place not everybody reaches. */
async function installPeers() {
  step("Installing the rivals (bench/peers)");
  const installed = join(peers, "node_modules", ".package-lock.json");
  const wanted = join(peers, "package-lock.json");
  const built = join(peers, "node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node");
  // What npm noted is as new as the list: whoever was added since is not there yet.
  if (existsSync(built) && existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) {
    say(dim("They are there."));
    return;
  }
  // Where Node came with its headers, node-gyp need not fetch them either.
  const prefix = join(process.execPath, "..", "..");
  const headers = existsSync(join(prefix, "include", "node", "node.h")) ? { npm_config_nodedir: prefix } : {};
  const [command, args] = npm("ci", "--no-audit", "--no-fund");
  await must("npm ci in bench/peers", command, args, { cwd: peers, env: headers });
}

export function serve(home, { snapshots = "no" } = {}) {
  // What builds them in the background takes half a core from whatever is measured.
  const args = ["--home", home, "serve", "--listen", "127.0.0.1:0", "--snapshots", snapshots];
  return listening("The server", "threadkeep-server", args);
}

/** Starts a program of ours that says where it listens. */
export async function listening(name, program, args) {
  const talk = talkTo(releaseProgram(program), args);
  for (;;) {
    const url = (await talk.hear(name)).match(/^\w+ on (http:\S+)$/)?.[1];
    if (url) return { url, ...talk };
  }
}

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill();
});

/** Starts a program that is asked and answers line by line. */
export function talkTo(program, args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  // When a task fails, what it has started must not keep us from ending.
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise((resolve) => child.on("close", resolve)).then(() => running.delete(child));
  return {
    process: child,
    /** The next line. */
    async hear(name = program) {
      const { value, done } = await lines.next();
      if (done) throw new Stop(`${name} ended too soon.`);
      return value;
    },
    say: (words) => child.stdin.write(`${JSON.stringify(words)}\n`),
    /** Closes its input and waits for its end; its last line is what it has to say of itself. */
    async end() {
      child.stdin.end();
      let last = null;
      for (let line = await lines.next(); !line.done; line = await lines.next()) last = line.value;
      await gone;
      return last && JSON.parse(last);
    },
    /** Ends it by a signal. */
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

export function ours(...args) {
  return client(releaseProgram("threadkeep-bench"), args.map(String));
}

/** A rival; `args` are its own. */
export function rival(name, ...args) {
  return client(process.execPath, [join(peers, `${name}.mjs`), ...args.map(String)]);
}

/** Runs a client that ends with one line of JSON. */
export async function client(program, args) {
  const { code, output } = await run(program, args, { keep: "hide" });
  if (code !== 0) throw new Stop(`${program} ${args[0]} failed:\n${output}`);
  return JSON.parse(output.trim().split("\n").at(-1));
}

/** Removes a database, so that the next client finds none. */
export function removeFile(file) {
  for (const ending of ["", "-wal", "-shm"]) rmSync(file + ending, { force: true });
}

/** Runs a client into an empty file; its time counts only if it ends with the server's rows. */
export async function pulled(name, file, ids, truth, start) {
  removeFile(file);
  const used = await start(file);
  await holds(name, file, ids, truth);
  return { ...used, bytes: sizeOf(file) + sizeOf(`${file}-wal`) };
}

/** The oracle: a file has the server's rows. */
export async function holds(name, file, ids, truth) {
  const held = await ours("digest", file, "--ids", ids);
  if (held.digest !== truth.digest) {
    throw new Stop(`${name} ended with ${held.messages} messages that are not the server's: its time is void.`);
  }
}

/** The oracle of search: fixed words have as many hits in an index as messages that hold them. */
export async function finds(name, file, table, truth) {
  const words = Object.keys(truth.words);
  const found = await ours("hits", file, "--table", table, "--words", words.join());
  const wrong = words.filter((word) => found.words[word] !== truth.words[word]);
  if (wrong.length > 0) {
    const [word] = wrong;
    throw new Stop(
      `${name} finds ${word} ${found.words[word]} times, not ${truth.words[word]}, and ${wrong.length - 1} other words wrongly: its time is void.`,
    );
  }
}

export function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

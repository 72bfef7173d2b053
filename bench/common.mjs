// What the tasks share: our programs, a server over a filled file, what is kept of a measurement.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { releaseProgram } from "../scripts/build.mjs";
import { must, root, run, Stop } from "../scripts/run.mjs";
import { findRust } from "../scripts/setup/rust.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";

export const results = join(root, "bench", "results");

const work = join(results, "work");

/** An empty folder to work in. */
export function workplace() {
  clearWorkplace();
  mkdirSync(work, { recursive: true });
  return work;
}

export function clearWorkplace() {
  rmSync(work, { recursive: true, force: true });
}

export async function build() {
  await findRust();
  step("Building the server and our client (release)");
  await must("Building", "cargo", ["build", "--release", "-p", "threadkeep-server", "-p", "threadkeep-bench"]);
}

/** A server's home with so many messages, and what a client must end with. */
export async function fill(work, { messages, seed }) {
  step(`Filling a server with ${Number(messages).toLocaleString("en")} messages (seed ${seed})`);
  const home = join(work, "server");
  const filled = await ours("fill", "--home", home, "--messages", messages, "--seed", seed);
  const truth = await ours("digest", filled.database, "--ids", "blob");
  say(dim(`${truth.messages.toLocaleString("en")} messages, digest ${truth.digest.slice(0, 16)}…`));
  return { home, filled, truth };
}

export function serve(home) {
  const args = ["--home", home, "serve", "--listen", "127.0.0.1:0"];
  return listening("The server", "threadkeep-server", args);
}

/** Starts a program of ours that says where it listens. */
export async function listening(name, program, args) {
  const child = spawn(releaseProgram(program), args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/^\w+ on (http:\S+)$/)?.[1];
    if (url) return { url, process: child };
  }
  throw new Stop(`${name} ended before it listened.`);
}

export function ours(...args) {
  return client(releaseProgram("threadkeep-bench"), args);
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
  const held = await ours("digest", file, "--ids", ids);
  if (held.digest !== truth.digest) {
    throw new Stop(`${name} ended with ${held.messages} messages that are not the server's: its time is void.`);
  }
  return { ...used, bytes: sizeOf(file) + sizeOf(`${file}-wal`) };
}

export function machine() {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

/** How much else ran: more than a few tenths, and times say little. */
export function load() {
  return loadavg()[0];
}

export function keep(task, content) {
  const file = join(results, `${task}-${new Date().toISOString().replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ task, machine: machine(), ...content }, null, 2)}\n`);
  say(dim(`Kept in ${file}`));
}

function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

// Rust: found, new enough, or words on how to get it. Debian's own rustc is older than the crates
// we stand on, so rustup is the way.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { ask, must, root, Stop, which } from "../run.mjs";
import { dim, say } from "../terminal.mjs";
import { installPackages, offers } from "./debian.mjs";

const components = ["-c", "clippy", "-c", "rustfmt"];

export async function findRust() {
  preferRustup();
  if (!which("cargo") && !which("rustup") && offers("rustup")) {
    say("Rust is missing; Debian's rustup brings it.");
    await installPackages(["rustup"]);
  }
  let found = version();
  if (found && atLeast(found, wanted())) {
    say(dim(`Rust ${found} is there.`));
    return;
  }
  if (which("rustup")) {
    say(found ? `Rust ${found} is older than ${wanted()}: updating it.` : "Installing Rust through rustup.");
    await must("rustup", "rustup", ["toolchain", "install", "stable", "--profile", "minimal", ...components]);
    if (!found) await must("rustup", "rustup", ["default", "stable"]);
    found = version();
    if (found && atLeast(found, wanted())) return;
  }
  throw new Stop(howToInstall(found));
}

/** rustup installs where a shell that was opened before does not look. */
function preferRustup() {
  const folder = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");
  if (existsSync(join(folder, process.platform === "win32" ? "cargo.exe" : "cargo"))) {
    process.env.PATH = folder + delimiter + (process.env.PATH ?? "");
  }
}

function version() {
  return which("cargo") && (ask("rustc", ["--version"])?.match(/^rustc (\d+\.\d+(\.\d+)?)/)?.[1] ?? null);
}

function wanted() {
  return readFileSync(join(root, "Cargo.toml"), "utf8").match(/^rust-version = "([\d.]+)"/m)[1];
}

export function atLeast(found, wanted) {
  const [a, b] = [found, wanted].map((text) => text.split(".").map(Number));
  return a[0] !== b[0] ? a[0] > b[0] : a[1] >= b[1];
}

export function howToInstall(found, platform = process.platform) {
  const why = found
    ? `Rust ${found} is too old: ${wanted()} or newer is needed (Debian's own rustc is too old as well).`
    : "Rust is missing (Debian's own rustc is too old; rustup brings a new one).";
  const how =
    platform === "win32"
      ? "Take rustup-init.exe from https://rustup.rs and run it."
      : "Type:\n\n  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y";
  return `${why}\n${how}\n\nand then this command again.`;
}

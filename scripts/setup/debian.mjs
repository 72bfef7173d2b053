// Debian and its descendants: which packages are missing, and how to get them.

import { ask, must, Stop, which } from "../run.mjs";
import { dim, say } from "../terminal.mjs";

/** To compile the crates that hold C (SQLite, TLS). */
export const forTerminal = ["build-essential", "ca-certificates", "pkg-config"];

/** To compile and show the window. */
export const forWindow = [
  ...forTerminal,
  "fonts-noto-color-emoji",
  "libdbus-1-dev",
  "libwebkit2gtk-4.1-dev",
];

/** To drive the window with nobody watching, in every script a message may be written in. */
export const forTests = [
  ...forWindow,
  "dbus",
  "fonts-dejavu-core",
  "fonts-noto-cjk",
  "fonts-noto-core",
  "git",
  "webkit2gtk-driver",
  "xauth",
  "xvfb",
];

/** To drive the pages in a browser. */
export const forPages = ["chromium"];

/** Installs what is missing; where it may not, says what to type. */
export async function installPackages(wanted) {
  if (!which("apt-get") || !which("dpkg-query")) {
    say(
      dim(
        `This is not Debian, so nothing is installed here. The build needs what Debian calls ${wanted.join(", ")}.`,
      ),
    );
    return;
  }
  const missing = missingPackages(wanted);
  if (missing.length === 0) {
    say(dim("All Debian packages are there."));
    return;
  }
  const asRoot = rootPrefix();
  if (asRoot === null) {
    throw new Stop(
      `These Debian packages are missing, and this user may not install them. As root, type:\n\n  ${typed(missing)}\n\nand then this command again.`,
    );
  }
  say(`Installing ${missing.join(", ")}.`);
  await apt(asRoot, ["update"]);
  await apt(asRoot, ["install", "-y", "--no-install-recommends", ...missing]);
}

/** Whether a package can be installed here, and is new enough to be of use. */
export function offers(name) {
  const policy = which("apt-cache") && ask("apt-cache", ["policy", name]);
  return Boolean(policy) && /Candidate: [^(\s]/.test(policy) && rootPrefix() !== null;
}

export function missingPackages(wanted, installed = installedPackages(wanted)) {
  return wanted.filter((name) => !installed.has(name));
}

function installedPackages(wanted) {
  // dpkg-query fails when one name is unknown, and still lists the others.
  const names = new Set();
  for (const name of wanted) {
    if (ask("dpkg-query", ["-W", "-f", "${db:Status-Status}", name]) === "installed") names.add(name);
  }
  return names;
}

/** What stands before a command that needs root: nothing, sudo, or null where there is neither. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!which("sudo")) return null;
  const mayAsk = process.stdin.isTTY === true;
  return mayAsk || ask("sudo", ["-n", "true"]) !== null ? ["sudo"] : null;
}

async function apt(prefix, args) {
  const line = [
    ...prefix,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=120",
    "-q",
    ...args,
  ];
  await must(`apt-get ${args[0]}`, line[0], line.slice(1));
}

function typed(packages) {
  return `apt-get update && apt-get install -y ${packages.join(" ")}`;
}

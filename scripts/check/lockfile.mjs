// npm writes a lock file without those platform packages that its registry happened not to have, and
// `npm ci` then refuses that file on every other machine. Each package that a package may want, on any
// platform, has to stand in the file; `--fix` adds those that are missing.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm", "arm64", "ia32", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const libraries = { gnu: "glibc", gnueabihf: "glibc", musl: "musl" };

export default {
  name: "lockfile",
  about: "package-lock.json names the packages of every platform",
  run(repo, { fix } = {}) {
    const files = repo.files.filter((path) => /(^|\/)package-lock\.json$/.test(path));
    return { problems: files.flatMap((path) => look(repo, path, fix)) };
  },
};

function look(repo, path, fix) {
  const lock = JSON.parse(repo.read(path));
  const missing = missingFrom(lock);
  if (missing.length > 0 && fix) {
    writeFileSync(join(repo.folder, path), `${JSON.stringify(completed(lock, missing), null, 2)}\n`);
    return [];
  }
  return missing.map(({ name }) => `${path} lacks ${name} (npm run check -- lockfile --fix adds it)`);
}

/** What is wanted and not there, with where it would lie. */
export function missingFrom({ packages }) {
  return Object.entries(packages).flatMap(([owner, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !lookup(packages, owner, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev })),
  );
}

/** As Node looks: beside the owner, then in each folder above. */
function lookup(packages, owner, name) {
  for (let folder = owner; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
    if (packages[`${folder}/node_modules/${name}`]) return true;
    if (!folder.includes("/node_modules/")) return Boolean(packages[`node_modules/${name}`]);
  }
}

export function completed(lock, missing) {
  const packages = { ...lock.packages };
  for (const { name, version, dev } of missing) {
    packages[`node_modules/${name}`] = { version, ...(dev && { dev }), optional: true, ...platform(name) };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** `@tauri-apps/cli-linux-x64-musl` is for linux, x64 and musl. */
export function platform(name) {
  const words = name.split("/").at(-1).split("-");
  const of = (known) => words.filter((word) => known.includes(word));
  const [os, cpu] = [of(systems), of(processors)];
  const libc = words.flatMap((word) => (os[0] === "linux" && libraries[word] ? [libraries[word]] : []));
  return {
    ...(os.length > 0 && { os }),
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && { libc }),
  };
}

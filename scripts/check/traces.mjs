// Nothing in the repository may say on whose machine it was written, or where packages were fetched
// from: such a line works for one person only.

import { hits } from "./repo.mjs";

// Written in pieces, so that this file does not find itself.
const folders = ["root", "work", "tmp"];
const people = ["home/[a-z][\\w.-]*", "Users/[A-Za-z][\\w.-]*"];
const below = (names) => new RegExp(`(?:^|[\\s"'\`(=:,])/(?:${names.join("|")})/[\\w.-]+`);
const path = below([...folders, ...people]);
/** Invented people of tests and mocks have homes too. */
const invented = /^(tests|ui\/src\/dev)\/|\.test\.\w+$|(^|\/)tests?(\.rs$|\/)/;
const registry = /(^|[^.\w])registry\s*=|replace-with\s*=|\bindex-url\s*=/;
const cratesIo = "registry+https://github.com/rust-lang/crates.io-index";
const npmjs = "https://registry.npmjs.org/";

export default {
  name: "traces",
  about: "no machine's paths and no private registries in tracked files",
  run(repo) {
    const texts = repo.files.filter((file) => isText(file) && !file.startsWith("tests/fixtures/"));
    return { problems: texts.flatMap((file) => tracesIn(file, repo.read(file))) };
  },
};

function tracesIn(file, text) {
  if (/(^|\/)Cargo\.lock$/.test(file)) {
    return hits(file, text, /^source = "(.*)"$/)
      .filter(({ what }) => !what.includes(cratesIo))
      .map(({ at, what }) => `${at} takes a crate from elsewhere: ${what}`);
  }
  if (/(^|\/)package-lock\.json$/.test(file)) {
    return hits(file, text, /"resolved": "[^"]*"/)
      .filter(({ what }) => !what.includes(npmjs))
      .map(({ at, what }) => `${at} takes a package from elsewhere: ${what}`);
  }
  const machine = hits(file, text, invented.test(file) ? below(folders) : path).map(({ at, what }) => `${at} names a path of one machine: ${what}`);
  const isConfig = /(^|\/)(\.npmrc|pip\.conf|config\.toml|Cargo\.toml)$/.test(file);
  const private_ = isConfig ? hits(file, text, registry) : [];
  return [...machine, ...private_.map(({ at, what }) => `${at} names a registry: ${what}`)];
}

function isText(file) {
  return !/\.(png|ico|icns|jpg|jpeg|webp|gif|woff2?|db|zip|gz|zst)$/.test(file);
}

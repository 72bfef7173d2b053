// What the rules look at: the files that are tracked or about to be, and the graph of packages.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function openRepo(folder) {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const files = [...new Set(listed.split("\0"))].filter((path) => path && existsSync(join(folder, path)));
  let metadata;
  return {
    folder,
    files: files.sort(),
    read: (path) => readFileSync(join(folder, path), "utf8"),
    metadata: () => {
      metadata ??= JSON.parse(
        execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], {
          cwd: folder,
          encoding: "utf8",
          maxBuffer: 64 << 20,
        }),
      );
      return metadata;
    },
  };
}

/** A repository that exists only in a test: paths with their texts, and packages with their needs. */
export function pretendRepo(texts, packages = []) {
  return {
    folder: "",
    files: Object.keys(texts).sort(),
    read: (path) => texts[path],
    metadata: () => ({ workspace_root: "", packages }),
  };
}

/** A dependency as `cargo metadata` shows it; `kind` is null, "dev" or "build". */
export function pretendNeed(name, kind = null, more = {}) {
  return { name, kind, optional: false, ...more };
}

/** Rust sources that ship: not tests, not what only tests or benchmarks use. */
export function shippedRust(repo) {
  return repo.files.filter(
    (path) => path.endsWith(".rs") && !/^(tests|bench)\//.test(path) && !isRustTest(path),
  );
}

function isRustTest(path) {
  return /(^|\/)(tests|benches|fuzz)\//.test(path) || /(^|\/)[a-z_]*tests?\.rs$/.test(path);
}

/** The text with each test module and each comment blanked, line numbers kept. */
export function withoutTestsAndComments(text) {
  const start = text.search(/^#\[cfg\(test\)\]\s*\n\s*mod \w+ \{/m);
  const code = start < 0 ? text : text.slice(0, start);
  return code.replace(/^\s*\/\/.*$/gm, "");
}

/** `path:line` of every line that matches, with the words that matched. */
export function hits(path, text, pattern) {
  return text.split("\n").flatMap((line, index) => {
    const match = line.match(pattern);
    return match ? [{ at: `${path}:${index + 1}`, what: match[0].trim() }] : [];
  });
}

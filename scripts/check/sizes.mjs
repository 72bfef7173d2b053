// A file that needs scrolling hides its second job. Over 400 lines wants a reason near its top
// ("long because …"), over 600 wants a split.

const reasonWithin = 15;

export default {
  name: "sizes",
  about: "no source over 600 lines, none over 400 without a reason",
  run(repo) {
    const sizes = repo.files.filter(isSource).map((path) => {
      const lines = repo.read(path).split("\n");
      return { path, count: lines.length - 1, reason: hasReason(lines) };
    });
    const counts = sizes.map(({ count }) => count).sort((a, b) => a - b);
    const long = sizes.filter(({ count, reason }) => count > 400 && count <= 600 && !reason);
    return {
      problems: sizes
        .filter(({ count }) => count > 600)
        .map(({ path, count }) => `${path} has ${count} lines: split it`),
      notes: [
        `median ${counts[counts.length >> 1] ?? 0} lines over ${counts.length} files`,
        ...long.map(({ path, count }) => `${path} has ${count} lines: say “long because …” in its first lines, or split it`),
      ],
    };
  },
};

function isSource(path) {
  return /\.(rs|ts|tsx)$/.test(path) && path !== "ui/src/bindings.ts" && !path.endsWith(".d.ts");
}

function hasReason(lines) {
  return lines.slice(0, reasonWithin).some((line) => line.includes("long because"));
}

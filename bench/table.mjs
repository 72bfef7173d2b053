// Numbers in columns.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The number below which such a share of them lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}

/** `p50 / p99` of milliseconds. */
export function spread(numbers) {
  return `${quantile(numbers, 0.5).toFixed(2)} / ${quantile(numbers, 0.99).toFixed(2)}`;
}

export function count(number) {
  return Number(number).toLocaleString("en");
}

export function mebibytes(bytes) {
  return count(Math.round(bytes / 2 ** 20));
}

/** Lines of the same keys as text; the first column is left-aligned, numbers are right-aligned. */
export function table(lines) {
  const names = Object.keys(lines[0]);
  const widths = names.map((name) => Math.max(name.length, ...lines.map((line) => line[name].length)));
  const row = (cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  return [row(names), ...lines.map((line) => row(names.map((name) => line[name])))].join("\n");
}

/** The same as Markdown. */
export function markdown(lines) {
  const names = Object.keys(lines[0]);
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const rule = names.map((_, at) => (at === 0 ? ":--" : "--:"));
  return [row(names), row(rule), ...lines.map((line) => row(names.map((name) => line[name])))].join("\n");
}

// Numbers in columns.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Lines of the same keys as text; the first column is left-aligned, numbers are right-aligned. */
export function table(lines) {
  const names = Object.keys(lines[0]);
  const widths = names.map((name) => Math.max(name.length, ...lines.map((line) => line[name].length)));
  const row = (cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  return [row(names), ...lines.map((line) => row(names.map((name) => line[name])))].join("\n");
}

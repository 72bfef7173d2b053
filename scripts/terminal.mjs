// What the scripts say: plain words, one line a thought, colour only where somebody looks.

const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

export function say(text = "") {
  process.stdout.write(`${text}\n`);
}

export function step(text) {
  say(`\n${bold(`▸ ${text}`)}`);
}

/** Seconds as a person says them: `4 s`, `3 min 20 s`. */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

import { colourOf, initials } from "./initials";

/** A person's or chat's initials on its own colour. The name stands beside it, so it says nothing itself.
 * Without a size it fits a chat's row, of whatever density. */
export function Avatar({ name, seed, size }: { name: string; seed: string; size?: number }) {
  const width = size === undefined ? "var(--row-avatar)" : `${size}px`;
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{
        width,
        height: width,
        fontSize: `calc(${width} * 0.34)`,
        background: AVATARS[colourOf(seed, AVATARS.length)],
      }}
    >
      {initials(name)}
    </span>
  );
}

/** The light theme's people and a slate, in both themes: white stands on each of them with 4.5:1. */
const AVATARS = ["#a33b20", "#0b6b7c", "#6a4fa3", "#2b7a3d", "#9a5b00", "#a1306b", "#5d6b78"] as const;

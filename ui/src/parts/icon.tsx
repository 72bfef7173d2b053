// The few line drawings of the window, on a grid of 24.
const SHAPES = {
  chat: "M4 5h16v11H9l-5 4z",
  sync: "M20 11a8 8 0 0 0-14.500-4L3 9.500M3 4v5.500h5.500M4 13a8 8 0 0 0 14.500 4l2.500-2.500M21 20v-5.500h-5.500",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M18.400 5.600l-2.100 2.100M7.700 16.300l-2.100 2.100",
  search: "M11 4.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 1 0 0-13m5 11.500 4.500 4.500",
  laptop:
    "M6.500 5h11A1.500 1.500 0 0 1 19 6.500v7a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 5 13.500v-7A1.500 1.500 0 0 1 6.500 5zM3 19h18",
  server:
    "M5.500 4h13A1.500 1.500 0 0 1 20 5.500v4a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 9.500v-4A1.500 1.500 0 0 1 5.500 4zM5.500 13h13a1.500 1.500 0 0 1 1.500 1.500v4a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 18.500v-4A1.500 1.500 0 0 1 5.500 13zM8 7.500h.01M8 16.500h.01",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 1 0 0-5.600",
  next: "m9 5 7 7-7 7",
  calendar: "M4.500 6h15v13.500h-15zM4.500 10h15M8.500 3.500v4M15.500 3.500v4",
  down: "m6 9 6 6 6-6",
  up: "m6 15 6-6 6 6",
  back: "m15 5-7 7 7 7",
  close: "m6 6 12 12M18 6 6 18",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  muted: "M4 9.500h3.500L12 6v12l-4.500-3.500H4zM16 9.500l5 5M21 9.500l-5 5",
  archive: "M4 5h16v4H4zM5.500 9v10h13V9M10 13h4",
  star: "m12 4 2.400 5.200 5.600.6-4.200 3.800 1.200 5.600L12 16.300l-5 2.900 1.200-5.600L4 9.800l5.600-.6z",
  forward: "m13 6 6 6-6 6M19 12H10a5 5 0 0 0-5 5v1",
  image: "M4 5.500h16v13H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M15.500 9.500h.01",
  video: "M4 6.500h11v11H4zM15 10.500l5-3v9l-5-3z",
  audio:
    "M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  voice:
    "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3.500",
  document: "M7 3.500h7l4 4v13H7zM14 3.500v4h4",
  sticker: "M5 5h14v9l-5 5H5zM19 14h-5v5M9 10h.01M14 10h.01",
  place:
    "M12 21s6.500-6 6.500-11a6.500 6.500 0 0 0-13 0c0 5 6.500 11 6.500 11zM12 8a2 2 0 1 0 0 4 2 2 0 1 0 0-4",
  person:
    "M12 5a3.500 3.500 0 1 0 0 7 3.500 3.500 0 1 0 0-7M5 20c.8-3.600 3.500-5.500 7-5.500s6.200 1.900 7 5.500",
  poll: "M5 20v-7M12 20V5M19 20v-10",
  call: "M6 4h3.500l1.500 4.500-2 1.500a11 11 0 0 0 5 5l1.500-2L20 14.500V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  puzzle:
    "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16M9.800 9.800a2.300 2.300 0 1 1 3.300 2.100c-.7.400-1.100.8-1.100 1.600M12 16.200h.01",
} as const;

export type IconName = keyof typeof SHAPES;

export const ICONS = Object.keys(SHAPES) as readonly IconName[];

/** These point along the line of reading, whichever way it runs. */
const MIRRORED: ReadonlySet<IconName> = new Set(["back", "forward", "muted"]);

/** A drawing beside words; what it means is said by the words or by its button's name. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={`icon ${MIRRORED.has(name) ? "mirrored" : ""} ${className}`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}

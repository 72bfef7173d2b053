import { kept } from "../app/kept";

/** Whether a sign alone is a shortcut. Who speaks to the computer, or shakes, may switch them off. */
export const singleKeys = kept(
  "threadkeep.singleKeys",
  (value) => (typeof value === "boolean" ? value : null),
  true,
);

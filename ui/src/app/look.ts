// How the window looks: the person's choices, or the system's, live. public/look.js sets them before the first
// paint; both write the same attributes of the root, which tokens.css turns into colours and sizes.
import { useSyncExternalStore } from "react";

/** What can be chosen, the usual first. */
export const LOOKS = {
  theme: ["system", "light", "dark"],
  contrast: ["system", "usual", "more"],
  density: ["comfortable", "compact"],
  text: ["usual", "small", "large", "larger"],
} as const;

export type Look = keyof typeof LOOKS;
export type LookChoice<L extends Look> = (typeof LOOKS)[L][number];

const SYSTEM = {
  theme: { query: "(prefers-color-scheme: dark)", yes: "dark", no: "light" },
  contrast: { query: "(prefers-contrast: more)", yes: "more", no: "usual" },
} as const;

const listeners = new Set<() => void>();

export function lookChoice<L extends Look>(look: L): LookChoice<L> {
  const choices: readonly string[] = LOOKS[look];
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(`threadkeep.${look}`);
  } catch {
    // Without storage the usual is a good choice.
  }
  return (kept !== null && choices.includes(kept) ? kept : choices[0]) as LookChoice<L>;
}

export function chooseLook<L extends Look>(look: L, choice: LookChoice<L>): void {
  try {
    localStorage.setItem(`threadkeep.${look}`, choice);
  } catch {
    // Without storage the choice lasts as long as the window.
  }
  apply(look, choice);
  for (const listener of listeners) listener();
}

/** Keeps to the system wherever that is the choice. */
export function followSystemLook(): void {
  for (const look of ["theme", "contrast"] as const) {
    matchMedia(SYSTEM[look].query).addEventListener("change", () => apply(look, lookChoice(look)));
  }
}

export function useLook<L extends Look>(look: L): LookChoice<L> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lookChoice(look),
  );
}

const TEXT_SCALE = { small: 0.92, usual: 1, large: 1.15, larger: 1.35 } as const;

/** How tall a chat's row is, as `--row` in tokens.css: lists want to know before anything is drawn. */
export function useRowHeight(): number {
  const [density, text] = [useLook("density"), useLook("text")];
  return (density === "compact" ? 48 : 62) + 34 * (TEXT_SCALE[text] - 1);
}

function apply(look: Look, choice: string): void {
  let value = choice;
  if (choice === "system" && (look === "theme" || look === "contrast")) {
    const { query, yes, no } = SYSTEM[look];
    value = matchMedia(query).matches ? yes : no;
  }
  document.documentElement.dataset[look] = value;
}

// The colours of people's names, computed as a browser mixes them: what is written in them can be read.
import { describe, expect, it } from "vitest";
import css from "../tokens.css?raw";

type Colour = readonly [number, number, number];

/** The colours of each theme; one that says nothing else has those of the light one. */
const themes = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = "", body = ""]) => ({
  name: selector.replace(/\/\*[\s\S]*?\*\//g, "").trim(),
  own: new Map(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name = "", hex = ""]) => [name, hex]),
  ),
}));
const light = themes.find(({ name }) => name.includes(":root"));

function colour(theme: (typeof themes)[number], name: string): Colour {
  const hex = theme.own.get(name) ?? light?.own.get(name);
  if (hex === undefined) throw new Error(`no colour ${name} in ${theme.name}`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;
}

/** `over` with this part of it, on what is under it. */
const mixed = (over: Colour, under: Colour, part: number): Colour =>
  over.map((value, index) => value * part + (under[index] ?? 0) * (1 - part)) as unknown as Colour;

function luminance(of: Colour): number {
  const [red = 0, green = 0, blue = 0] = of.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Colour, b: Colour): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (high + 0.05) / (low + 0.05);
}

const people = ["p1", "p2", "p3", "p4", "p5", "p6"];
const withBubbles = themes.filter(({ own }) => own.has("bubble-in"));

describe("names in groups", () => {
  it("are checked in every theme that has bubbles", () => {
    expect(withBubbles.length, "light and dark at least").toBeGreaterThanOrEqual(2);
    expect(contrast([0, 0, 0], [255, 255, 255]), "the measure is WCAG's").toBeCloseTo(21);
  });

  it.each(withBubbles.map((theme) => [theme.name, theme] as const))("can be read in %s", (_, theme) => {
    const bubble = colour(theme, "bubble-in");
    const own = colour(theme, "bubble-out");
    // As reader.css mixes the grounds of quotes.
    const grounds = {
      "a bubble": bubble,
      "a quote": mixed(colour(theme, "ink"), bubble, 0.05),
      "a quote under the pointer": mixed(colour(theme, "ink"), bubble, 0.07),
      "a quote in one's own bubble": mixed(colour(theme, "surface"), own, 0.55),
      "the same under the pointer": mixed(colour(theme, "surface"), own, 0.8),
    };
    for (const [where, ground] of Object.entries(grounds)) {
      for (const name of [...people, "accent"]) {
        const reached = contrast(colour(theme, name), ground);
        expect(reached, `--${name} on ${where}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("stay apart from each other", () => {
    for (const theme of withBubbles) {
      expect(new Set(people.map((name) => String(colour(theme, name)))).size).toBe(people.length);
    }
  });
});

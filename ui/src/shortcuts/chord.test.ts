import { describe, expect, it } from "vitest";
import { isForFields, isSingleSign, keysOf, matches, nth, type Pressed, parse, spell } from "./chord";

const press = (key: string, held = "", code = ""): Pressed => ({
  key,
  code,
  ctrlKey: held.includes("C"),
  metaKey: held.includes("M"),
  altKey: held.includes("A"),
  shiftKey: held.includes("S"),
});

describe("keys pressed together", () => {
  it("are ⌘ on a Mac and Ctrl elsewhere", () => {
    const find = parse("Mod+F");
    expect(matches(find, press("f", "C"), false)).toBe(true);
    expect(matches(find, press("f", "M"), false)).toBe(false);
    expect(matches(find, press("f", "M"), true)).toBe(true);
    expect(matches(find, press("f", "C"), true)).toBe(false);
    expect(matches(parse("Ctrl+Tab"), press("Tab", "C"), true)).toBe(true);
  });

  it("are no others with one more held", () => {
    const find = parse("Mod+F");
    for (const held of ["CS", "CA", "CM", ""]) expect(matches(find, press("f", held), false)).toBe(false);
    expect(matches(parse("Alt+ArrowDown"), press("ArrowDown", "AS"), false)).toBe(false);
    expect(matches(parse("Alt+Shift+ArrowDown"), press("ArrowDown", "AS"), false)).toBe(true);
  });

  it("are the same keys on a keyboard of another script", () => {
    expect(matches(parse("Mod+F"), press("а", "C", "KeyF"), false)).toBe(true);
    // What is written on it goes before where it lies: on a Dvorak keyboard KeyF says u.
    expect(matches(parse("Mod+F"), press("u", "C", "KeyF"), false)).toBe(false);
    expect(matches(parse("Mod+0"), press("à", "C", "Digit0"), false)).toBe(true);
  });

  it("bring signs with Shift or without, as the layout has it", () => {
    expect(matches(parse("Mod+/"), press("/", "C"), false)).toBe(true);
    expect(matches(parse("Mod+/"), press("/", "CS"), false)).toBe(true);
    expect(matches(parse("?"), press("?", "S"), false)).toBe(true);
    expect(matches(parse("Mod+Plus"), press("=", "C"), false)).toBe(true);
    expect(matches(parse("Mod+Plus"), press("+", "CS"), false)).toBe(true);
    expect(matches(parse("Mod+Minus"), press("-", "C"), false)).toBe(true);
  });

  it("may be any digit from one to nine", () => {
    const any = parse("Mod+1…9");
    expect(matches(any, press("7", "C"), false)).toBe(true);
    expect(matches(any, press("0", "C"), false)).toBe(false);
    expect(nth(press("7", "C"))).toBe(7);
  });

  it("that are a sign alone can be told from the others", () => {
    const single = ["?", "J", "Shift+A", "Mod+J", "Escape", "F5", "Alt+J"].map((text) =>
      isSingleSign(parse(text)),
    );
    expect(single).toEqual([true, true, true, false, false, false, false]);
    const inFields = ["?", "Escape", "ContextMenu", "F5", "Mod+J"].map((text) => isForFields(parse(text)));
    expect(inFields).toEqual([false, false, false, true, true]);
  });

  it("are spelled as they stand on the keyboard", () => {
    expect(spell(parse("Mod+Shift+F"), false)).toBe("Ctrl+Shift+F");
    expect(spell(parse("Mod+Shift+F"), true)).toBe("⇧⌘F");
    expect(keysOf(parse("Alt+ArrowDown"), false)).toEqual(["Alt", "↓"]);
    expect(keysOf(parse("Mod+Plus"), true)).toEqual(["⌘", "+"]);
  });
});

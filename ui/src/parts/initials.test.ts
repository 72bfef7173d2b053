import { expect, it } from "vitest";
import { colourOf, initials } from "./initials";

it.each([
  ["Ana Souza", "AS"],
  ["Mum", "MU"],
  ["田中 健", "田"],
  ["Søren", "SØ"],
  ["Climbing, Thursdays", "CT"],
  ["+49 1511 2345667", "67"],
  ["Élodie", "ÉL"],
  ["🏠 Flat", "🏠"],
  ["...", "#"],
  ["", "#"],
])("draws %j as %s", (name, drawn) => {
  expect(initials(name)).toBe(drawn);
});

it("gives an address the same colour each time, and uses all of them", () => {
  const colours = new Set(
    Array.from({ length: 200 }, (_, index) => colourOf(`4915${index}@s.whatsapp.net`, 6)),
  );
  expect(colours.size).toBe(6);
  expect(colourOf("a@b", 6)).toBe(colourOf("a@b", 6));
});

import { expect, it } from "vitest";
import { formatPhone } from "./phone";

it.each([
  ["+4915111111111", "+49 151 111 111 11"],
  ["+12025550143", "+1 202 555 0143"],
  ["+351215550100", "+351 215 550 100"],
  ["+79161234567", "+7 916 123 4567"],
  ["+8613800138000", "+86 138 001 380 00"],
])("%s is written %s", (number, written) => expect(formatPhone(number)).toBe(written));

it.each(["", "100@lid", "+1", "+49 151", "4915111111111"])("%j stays as it is", (text) => {
  expect(formatPhone(text)).toBe(text);
});

it("loses no digit, whatever the length", () => {
  for (let length = 7; length <= 15; length++) {
    const number = `+${"4915123456789012".slice(0, length)}`;
    expect(formatPhone(number).replaceAll(" ", "")).toBe(number);
  }
});

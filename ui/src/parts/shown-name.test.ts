import { expect, it } from "vitest";
import { shownName } from "./shown-name";

it.each(["", "   ", "\u200b\u200d", "\u202e\u202c", "\u3164", "\u2800\u00a0", "\u0301"])(
  "is none where nothing of %j can be seen",
  (name) => {
    expect(shownName(name)).toBe("Without a name");
    expect(shownName(name, "+49 151")).toBe("+49 151");
  },
);

it.each(["Ana", "👩‍👩‍👧", "田中 健", "\u202emoc", ".", "+351"])("stays as it is: %j", (name) => {
  expect(shownName(name)).toBe(name);
});

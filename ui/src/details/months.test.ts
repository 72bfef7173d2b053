import { expect, it } from "vitest";
import { messageOf } from "../dev/message";
import { rowsOf } from "./months";

const at = (id: string, month: number, day: number) =>
  messageOf(id, { at: new Date(2024, month, day, 12).getTime() });

it("lays pictures side by side below their months, and loses none", () => {
  const said = [at("5", 4, 31), at("4", 4, 2), at("3", 4, 1), at("2", 3, 30), at("1", 0, 1)];
  const shown = rowsOf(said, 2).map((row) =>
    row.type === "month" ? new Date(row.at).getMonth() : row.messages.map((each) => each.id).join("+"),
  );
  expect(shown).toEqual([4, "5+4", "3", 3, "2", 0, "1"]);
});

it("keeps the rows that are there when more come behind them", () => {
  const said = [at("4", 4, 4), at("3", 4, 3), at("2", 4, 2), at("1", 4, 1)];
  const first = rowsOf(said.slice(0, 2), 2).map((row) => row.key);
  expect(
    rowsOf(said, 2)
      .map((row) => row.key)
      .slice(0, first.length),
  ).toEqual(first);
});

it("is nothing of nothing", () => expect(rowsOf([], 3)).toEqual([]));

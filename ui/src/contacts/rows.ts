// The list of people as rows: each letter stands above those whom it begins.
import type { Person } from "../bindings";

export type Row = { type: "letter"; letter: string } | { type: "person"; person: Person; index: number };

export function rowsOf(people: readonly Person[]): Row[] {
  const rows: Row[] = [];
  let letter: string | null = null;
  for (const [index, person] of people.entries()) {
    if (person.initial !== letter) {
      letter = person.initial;
      rows.push({ type: "letter", letter });
    }
    rows.push({ type: "person", person, index });
  }
  return rows;
}

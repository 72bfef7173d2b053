// The list of people as rows: each letter stands above those whom it begins.
import type { Person } from "../bindings";

export type Row =
  /** Above the person of this id: what is no letter may stand at both ends of the list. */
  { type: "letter"; letter: string; above: string } | { type: "person"; person: Person; index: number };

export function rowsOf(people: readonly Person[]): Row[] {
  const rows: Row[] = [];
  let letter: string | null = null;
  for (const [index, person] of people.entries()) {
    if (person.initial !== letter) {
      letter = person.initial;
      rows.push({ type: "letter", letter, above: person.id });
    }
    rows.push({ type: "person", person, index });
  }
  return rows;
}

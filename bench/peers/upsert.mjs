// One prepared upsert a table, a transaction a page.

import { columns } from "./schema.mjs";

const convert = {
  text: (value) => value ?? null,
  integer: (value) => value ?? null,
  boolean: (value) => (value ? 1 : 0),
  time: (value) => (value ? Date.parse(value) : null),
  json: (value) => (value ? JSON.stringify(value) : null),
};

export function prepared(database) {
  const upserts = Object.fromEntries(Object.keys(columns).map((table) => [table, prepare(database, table)]));
  return (stream, rows) => upserts[stream](rows);
}

function prepare(database, table) {
  const names = Object.keys(columns[table]);
  const values = Object.entries(columns[table]).map(([name, kind]) => [name, convert[kind]]);
  const updates = names.filter((name) => name !== "id").map((name) => `${name} = excluded.${name}`);
  const statement = database.prepare(
    `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
     ON CONFLICT (id) DO UPDATE SET ${updates.join(", ")}`,
  );
  return database.transaction((rows) => {
    for (const row of rows) statement.run(values.map(([name, value]) => value(row[name])));
  });
}

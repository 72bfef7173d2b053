// Rivals of task 5: windows by OFFSET, in the mirror's own file.

import Database from "better-sqlite3";
import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { blob, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const [file, chat, messages, jumps] = process.argv.slice(2);
const database = new Database(file, { readonly: true });
const columns = database.pragma("table_info(messages)");
const kinds = { INTEGER: integer, TEXT: text, BLOB: blob };
const table = sqliteTable("messages", Object.fromEntries(columns.map(({ name, type }) => [name, kinds[type](name)])));
const db = drizzle(database);
const prepared = database.prepare(
  "SELECT * FROM messages WHERE conversation_pk = ? ORDER BY timestamp, pk LIMIT 50 OFFSET ?",
);

const ways = {
  better_sqlite3: (offset) => prepared.all(chat, offset),
  drizzle: (offset) =>
    db
      .select()
      .from(table)
      .where(eq(table.conversation_pk, Number(chat)))
      .orderBy(asc(table.timestamp), asc(table.pk))
      .limit(50)
      .offset(offset)
      .all(),
};

const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let at = 0; at < Number(jumps); at += 1) {
  const offset = (at * 7_919_317) % Number(messages);
  for (const [name, way] of Object.entries(ways)) {
    const begun = performance.now();
    const rows = way(offset);
    times[name].push(performance.now() - begun);
    if (rows[0].pk !== offset + 1) throw new Error(`${name} brought another window`);
  }
}
process.stdout.write(`${JSON.stringify(times)}\n`);

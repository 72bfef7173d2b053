// What the rivals share: the tables of their client, and its pull: page after page with axios, in the page
// sizes that client used, each page stored before the next is asked for.

import axios from "axios";
import Database from "better-sqlite3";
import { tables } from "./schema.mjs";

export const stages = [
  { stream: "conversations", limit: 100, cursor: "last_conversation_seq", latest: "latest_conversation_seq" },
  { stream: "messages", limit: 1500, cursor: "last_message_seq", latest: "latest_message_seq" },
  { stream: "contacts", limit: 500, cursor: "last_contact_seq", latest: "latest_contact_seq" },
];

/** Opens the file, and makes its tables where it is empty. */
export function open(file, integration) {
  const database = new Database(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  if (database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0) {
    database.exec(tables);
    database.prepare("INSERT INTO sync_state (integration_id) VALUES (?)").run(integration);
  }
  return database;
}

export function connect(url, token) {
  return axios.create({ baseURL: url, headers: { Authorization: `Bearer ${token}` } });
}

/** Pulls a stream from its cursor to its end. */
export async function pullStage({ stream, limit, cursor }, { http, database, integration, store }) {
  let since = database.prepare(`SELECT ${cursor} FROM sync_state WHERE integration_id = ?`).pluck().get(integration);
  let [rows, requests] = [0, 0];
  for (let more = true; more; ) {
    const { data } = await http.get(`/sync/${stream}/${integration}`, { params: { since_seq: since, limit } });
    store(stream, data[stream]);
    rows += data[stream].length;
    requests += 1;
    since = data.latest_seq;
    more = data.has_more;
  }
  database.prepare(`UPDATE sync_state SET ${cursor} = ? WHERE integration_id = ?`).run(since, integration);
  return { rows, requests };
}

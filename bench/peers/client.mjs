// The pull that both rivals share: page after page with axios, in the page sizes that client used, each
// page stored before the next is asked for, the cursors written at the end of each stage.

import { readFileSync } from "node:fs";
import axios from "axios";
import Database from "better-sqlite3";
import { tables } from "./schema.mjs";

const stages = [
  { stream: "conversations", limit: 100, cursor: "last_conversation_seq" },
  { stream: "messages", limit: 1500, cursor: "last_message_seq" },
  { stream: "contacts", limit: 500, cursor: "last_contact_seq" },
];

/** `upserts(database)` answers a function `(stream, rows)` that stores a page. */
export async function pull(upserts) {
  const [url, token, integration, file] = process.argv.slice(2);
  const begun = { time: performance.now(), cpu: cpuSeconds() };
  const database = new Database(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec(tables);
  database.prepare("INSERT INTO sync_state (integration_id) VALUES (?)").run(integration);
  const store = upserts(database);
  const http = axios.create({ baseURL: url, headers: { Authorization: `Bearer ${token}` } });
  let rows = 0;
  let requests = 0;
  for (const { stream, limit, cursor } of stages) {
    let since = 0;
    for (let more = true; more; ) {
      const { data } = await http.get(`/sync/${stream}/${integration}`, { params: { since_seq: since, limit } });
      store(stream, data[stream]);
      rows += data[stream].length;
      requests += 1;
      since = data.latest_seq;
      more = data.has_more;
    }
    database.prepare(`UPDATE sync_state SET ${cursor} = ? WHERE integration_id = ?`).run(since, integration);
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  const result = {
    seconds: (performance.now() - begun.time) / 1000,
    cpu_seconds: cpuSeconds() - begun.cpu,
    peak_bytes: peakBytes(),
    rows,
    requests,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function peakBytes() {
  const line = readFileSync("/proc/self/status", "utf8").match(/^VmHWM:\s+(\d+) kB$/m);
  return line ? Number(line[1]) * 1024 : null;
}

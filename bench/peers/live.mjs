// Rival of task 4: better-sqlite3 that hears server-sent events, pulls what is new and keeps FTS5 by
// triggers. It talks as `threadkeep-bench live` does: `ready`, then a line for each burst.

import { createInterface } from "node:readline";
import { connect, open, pullStage, stages } from "./client.mjs";
import { prepared } from "./upsert.mjs";

const [url, token, integration, file] = process.argv.slice(2);
const database = open(file, integration);
const setting = { http: connect(url, token), database, integration, store: prepared(database) };
const held = database.prepare("SELECT * FROM sync_state WHERE integration_id = ?");
const newest = database
  .prepare(
    `SELECT content FROM messages WHERE conversation_id =
       (SELECT id FROM conversations WHERE external_conversation_id = ?) ORDER BY timestamp DESC LIMIT 1`,
  )
  .pluck();
const hits = database.prepare("SELECT count(*) FROM messages_fts WHERE messages_fts MATCH ?").pluck();

let told = null;
let pulling = false;
let ready = false;
let awaited = null;

async function follow() {
  const answer = await fetch(`${url}/live/${integration}`, { headers: { Authorization: `Bearer ${token}` } });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      if (!/^event: ?change$/m.test(block)) continue;
      told = JSON.parse(block.match(/^data: ?(.*)$/m)[1]);
      pull().catch(fail);
    }
  }
}

async function pull() {
  if (pulling) return;
  pulling = true;
  while (told) {
    const status = told;
    told = null;
    const cursors = held.get(integration);
    for (const stage of stages) {
      if (status[stage.latest] > cursors[stage.cursor]) await pullStage(stage, setting);
    }
    look();
  }
  pulling = false;
  if (!ready) print("ready");
  ready = true;
}

function look() {
  if (!awaited || !newest.get(awaited.chat)?.startsWith(awaited.word)) return;
  const readable = now();
  if (hits.get(`"${awaited.word}"`) !== awaited.changes) return;
  print(JSON.stringify({ readable, searchable: now() }));
  awaited = null;
}

function now() {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function fail(error) {
  console.error(error.message);
  process.exit(1);
}

follow().catch(fail);
createInterface({ input: process.stdin })
  .on("line", (line) => {
    awaited = JSON.parse(line);
    print("awaiting");
  })
  .on("close", () => {
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.close();
    print("{}");
    process.exit(0);
  });

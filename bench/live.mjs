// Task 4: changes that arrive while a client holds N messages.
//
// A server commits bursts of changes (nine new messages, then a new text for an old one, in 50 chats however
// many there are) and tells the moment of each commit; a client that follows it tells when the last of them
// can be read, and when all of them are found by a word that only they have. Clients take turns on the same
// server within a round, each on files that held N messages before, and end with the server's rows or their
// times are void. Between bursts it is quiet for longer than the server's pause between two words (100 ms).

import { join } from "node:path";
import { releaseProgram } from "../scripts/build.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, holds, listening, ours, peers, rival, talkTo, workplace } from "./common.mjs";
import { copyOf, filledServer } from "./data.mjs";
import { section } from "./report.mjs";
import { count, quantile, spread } from "./table.mjs";

/** The first of the made-up chats. */
const CHAT = "12025550000000@s.whatsapp.net";
/** Bursts of a round, by their changes: many where the tail is of interest. */
const BURSTS = { 1: 60, 100: 30, 1000: 15 };
const QUIET = 120;

export async function live({ held = "10000,200000,1000000", rounds = "5", seed = "1", bursts = "1" }) {
  await build();
  const work = workplace();
  const share = Number(bursts);
  const times = [];
  for (const messages of held.split(",")) times.push(...(await hold({ work, messages, rounds, seed, share })));
  clearWorkplace();
  return report(times, { held, rounds });
}

/** Everything with N messages held. */
async function hold({ work, messages, rounds, seed, share }) {
  const { home, filled, truth } = await filledServer({ messages, seed });
  const place = copyOf(home, join(work, `server-${messages}`));
  const [mirror, index, file] = ["mirror.db", "search.db", "peer.db"].map((name) => join(work, `${messages}-${name}`));
  const feed = await listening("The server", "threadkeep-bench", [
    ...["feed", "--home", place, "--integration", String(filled.integration)],
  ]);
  const reach = [feed.url, filled.token, String(filled.integration)];
  step(`${count(messages)} messages held: the first pull`);
  await ours("pull", "--url", feed.url, "--token", filled.token, "--server", "bench", "--to", mirror);
  await rival("better_sqlite3", ...reach, file, "rebuild");
  const program = releaseProgram("threadkeep-bench");
  const options = ["--url", feed.url, "--token", filled.token, "--server", "bench"];
  const clients = {
    threadkeep: () => talkTo(program, ["live", ...options, "--mirror", mirror, "--index", index]),
    "better-sqlite3 + SSE": () => talkTo(process.execPath, [join(peers, "live.mjs"), ...reach, file]),
  };
  const times = [];
  for (let round = 1; round <= Number(rounds); round += 1) {
    step(`${count(messages)} messages held: round ${round} of ${rounds}`);
    for (const [name, start] of Object.entries(clients)) {
      const talk = start();
      await until(talk, "ready");
      for (const [changes, often] of Object.entries(BURSTS)) {
        const took = [];
        for (let at = 0; at < Math.max(2, often * share); at += 1) {
          const word = `zq${name.length}r${round}c${changes}n${at}`;
          took.push(await burst({ talk, feed, changes: Number(changes), word }));
        }
        times.push({ held: Number(messages), changes: Number(changes), name, took });
        const searchable = took.map((one) => one.searchable);
        say(`${name.padEnd(22)} ${changes.padStart(5)} changes  ${spread(searchable)} ms  ${dim(`${took.length} times`)}`);
      }
      await talk.end();
    }
    for (const changes of Object.keys(BURSTS)) {
      const floor = join(work, "floor");
      const { milliseconds } = await ours("floor", "--url", feed.url, "--file", floor, "--rows", changes);
      const took = milliseconds.map((one) => ({ readable: one, searchable: one }));
      times.push({ held: Number(messages), changes: Number(changes), name: LIMIT, took });
    }
  }
  // What was committed in the turn of the other one.
  for (const start of Object.values(clients)) {
    const talk = start();
    await until(talk, "ready");
    await talk.end();
  }
  const now = await ours("digest", join(place, "server", "server.db"), "--ids", "blob");
  if (now.messages <= truth.messages) throw new Error("the server committed nothing");
  await holds("threadkeep", mirror, "blob", now);
  await holds("better-sqlite3", file, "text", now);
  await feed.end();
  return times;
}

const LIMIT = "limit: round trip + fsync";

/** One burst; the milliseconds from its commit on. */
async function burst({ talk, feed, changes, word }) {
  await new Promise((resolve) => setTimeout(resolve, QUIET));
  const wish = { changes, word, chat: CHAT };
  talk.say(wish);
  await until(talk, "awaiting");
  feed.say(wish);
  const { at } = JSON.parse(await feed.hear("The server"));
  const seen = JSON.parse(await talk.hear("The client"));
  return { readable: (seen.readable - at) / 1000, searchable: (seen.searchable - at) / 1000 };
}

async function until(talk, word) {
  while ((await talk.hear("The client")) !== word);
}

function report(times, { held, rounds }) {
  const sizes = held.split(",").map(Number);
  const names = [...new Set(times.map((one) => one.name))];
  const of = (changes, size, name) =>
    times.filter((one) => one.changes === changes && one.held === size && one.name === name).flatMap((one) => one.took);
  const lines = [];
  for (const changes of Object.keys(BURSTS).map(Number)) {
    for (const size of sizes) {
      const ours = quantile(of(changes, size, names[0]).map((one) => one.searchable), 0.5);
      for (const name of names) {
        const took = of(changes, size, name);
        const searchable = took.map((one) => one.searchable);
        lines.push({
          changes: count(changes),
          held: count(size),
          client: name,
          "readable p50 / p99 ms": spread(took.map((one) => one.readable)),
          "searchable p50 / p99 ms": spread(searchable),
          "× threadkeep": (quantile(searchable, 0.5) / ours).toFixed(2),
          times: count(took.length),
        });
      }
    }
  }
  const growth = Object.keys(BURSTS).map((changes) => {
    const at = (size) => quantile(of(Number(changes), size, names[0]).map((one) => one.searchable), 0.5);
    return `${changes}: ${(at(sizes.at(-1)) / at(sizes[0])).toFixed(2)}`;
  });
  const title = `Task 4: changes that arrive, from the commit at the server, ${rounds} rounds`;
  const notes = [
    `Ours with ${count(sizes.at(-1))} messages held, × with ${count(sizes[0])} held (p50 until searchable), by changes: ${growth.join(", ")}.`,
    "Same server; both ended with its rows (digests agree) and found every change; WAL + synchronous=FULL.",
  ];
  return section("live", title, lines, notes, { times });
}

// Growth, and with it tasks 7 and 8: the same at 10,000, 100,000, 1,000,000 and (`--size 10m`) 10,000,000
// messages: the first pull with and without search, search itself, the start of the app's core with the
// file cache dropped, and the memory of each.
//
// The cost of a message must not grow with their number, the memory of a pull must not either, and search
// and start may grow by little.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, Stop } from "../scripts/run.mjs";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, finds, ours, pulled, removeFile, rival, serve, sizeOf, workplace } from "./common.mjs";
import { filledServer, freeSpace } from "./data.mjs";
import { section } from "./report.mjs";
import { count, mebibytes, median, quantile, spread } from "./table.mjs";

const SIZES = "10000,100000,1000000";
/** A server, a mirror and an index, in GiB for a million messages, with room to spare. */
const SPACE = 2.5;

export async function growth({ sizes, size, rounds = "3", seed = "1", times = "15" }) {
  await build();
  const wanted = (sizes ?? (size === "10m" ? `${SIZES},10000000` : SIZES)).split(",").map(Number);
  const all = [];
  for (const messages of wanted) {
    const needed = (messages / 1e6) * SPACE;
    if (freeSpace() - needed < 15) {
      throw new Stop(`${count(messages)} messages need ${needed.toFixed(0)} GiB and 15 more that stay free.`);
    }
    all.push(await at({ messages, rounds: messages > 2e6 ? 1 : Number(rounds), seed, times }));
  }
  return [report(all), starts(all), memory(all)];
}

async function at({ messages, rounds, seed, times }) {
  const work = workplace();
  const { home, filled, truth } = await filledServer({ messages, seed });
  const app = join(work, "app");
  mkdirSync(join(app, "db"), { recursive: true, mode: 0o700 });
  const [plain, peer] = ["plain.db", "peer.db"].map((name) => join(work, name));
  const [mirror, index] = ["mirror.db", "search.db"].map((name) => join(app, "db", name));
  const server = await serve(home);
  const reach = ["--url", server.url, "--token", filled.token];
  const found = { messages, plain: [], indexed: [], rival: [], starts: [], bare: [], empty: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      step(`${count(messages)} messages: round ${round} of ${rounds}`);
      found.plain.push(await pulled("threadkeep", plain, "blob", truth, (file) => ours("pull", ...reach, "--to", file)));
      removeFile(plain);
      removeFile(index);
      const search = await pulled("threadkeep + search", mirror, "blob", truth, (file) =>
        ours("pull", ...reach, "--to", file, "--index", index),
      );
      await finds("threadkeep + search", index, "words", truth);
      found.indexed.push({ ...search, bytes: search.bytes + sizeOf(index) });
      // The rival's memory; its time is in task 1. Nobody waits an hour for ten million.
      if (round === 1 && messages <= 2e6) {
        const start = (file) => rival("better_sqlite3", server.url, filled.token, filled.integration, file);
        found.rival.push(await pulled("better_sqlite3", peer, "text", truth, start));
        removeFile(peer);
      }
    }
  } finally {
    await server.stop();
  }
  step(`${count(messages)} messages: search and start`);
  const asked = await ours("search", "--mirror", mirror, "--index", index, "--messages", messages, "--alone");
  found.kinds = asked.kinds.map(({ name, ours }) => ({ name, ...ours }));
  await start(found, { app, empty: join(work, "empty"), files: [mirror, index], times });
  say(`start ${spread(found.starts)} ms, empty ${spread(found.empty)} ms`);
  rmSync(app, { recursive: true });
  clearWorkplace();
  return found;
}

async function start(found, { app, empty, files, times }) {
  await ours("start", "--home", empty);
  const took = async (home, ...more) => {
    for (const file of files) await must("Dropping a file from the cache", "dd", forget(file));
    return ours("start", "--home", home, ...more);
  };
  for (let time = 0; time < Number(times); time += 1) {
    const full = await took(app);
    if (full.chats === 0) throw new Stop("The list of chats was empty: its time is void.");
    found.starts.push(full.milliseconds);
    found.resting = full.peak_bytes;
    found.empty.push((await took(empty)).milliseconds);
    found.bare.push((await took(app, "--bare")).milliseconds);
  }
}

/** Needs no rights, unlike `/proc/sys/vm/drop_caches`, and leaves other files alone. */
function forget(file) {
  return [`if=${file}`, "iflag=nocache", "count=0", "status=none"];
}

function report(all) {
  const perMessage = (one, key, of) => (median(one[key].map(of)) * 1e6) / one.messages;
  const base = all[0];
  const lines = all.map((one) => {
    const plain = perMessage(one, "plain", (used) => used.seconds);
    const indexed = perMessage(one, "indexed", (used) => used.seconds);
    const kind = (name) => one.kinds.find((each) => each.name === name);
    const time = ({ p50, p99 }) => `${p50.toFixed(2)} / ${p99.toFixed(2)}`;
    return {
      messages: count(one.messages),
      "browsable µs each": plain.toFixed(2),
      "× the smallest": (plain / perMessage(base, "plain", (used) => used.seconds)).toFixed(2),
      "searchable µs each": indexed.toFixed(2),
      "× the smallest one": (indexed / perMessage(base, "indexed", (used) => used.seconds)).toFixed(2),
      "bytes each": count(Math.round(median(one.indexed.map((used) => used.bytes)) / one.messages)),
      "frequent word p50 / p99 ms": time(kind("top 10 words")),
      "two words": time(kind("two words")),
      phrase: time(kind("phrase")),
    };
  });
  const notes = ["Bytes: the mirror and the index. The smallest size pays for opening, closing and one connection."];
  return section("growth", "Growth: what a message costs by how many there are", lines, notes, { all });
}

function starts(all) {
  const lines = all.flatMap((one) => [
    ...[
      ["app's core: open, list 100 chats", one.starts],
      ["the same, nothing in it", one.empty],
      ["limit: open the file, read its first page", one.bare],
    ].map(([what, times]) => ({
      what,
      messages: count(one.messages),
      "p50 / p99 ms": spread(times),
      "more than empty ms": (quantile(times, 0.5) - quantile(one.empty, 0.5)).toFixed(2),
      times: count(times.length),
    })),
  ]);
  const notes = ["Mirror and index dropped from the file cache before each start; the window itself is not in it."];
  return section("start", "Task 7: from the start to the first list of chats", lines, notes, {});
}

function memory(all) {
  const peak = (used) => (used.length > 0 ? mebibytes(Math.max(...used.map((one) => one.peak_bytes))) : "–");
  const lines = all.map((one) => ({
    messages: count(one.messages),
    "threadkeep MiB": peak(one.plain),
    "with search MiB": peak(one.indexed),
    "better_sqlite3 MiB": peak(one.rival),
    "app's core, first list MiB": mebibytes(one.resting),
  }));
  return section("memory", "Task 8: the most memory of the first pull", lines, ["Resident set (VmHWM)."], {});
}

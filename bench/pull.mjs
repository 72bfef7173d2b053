// Tasks 1, 2 and 8: the first pull of N messages, until they can be browsed and until search is complete,
// and the memory it takes.
//
// One server process serves the same page bytes to every client; each client is a process of its own,
// takes the time itself from opening its file to its last checkpoint, and ends with the server's rows or
// its time is void; where it searches, 50 fixed words have as many hits as messages that hold them.
// Durability is the same (WAL, synchronous=FULL). Rounds go A, B, C, A, B, C, so that a slow minute of the
// machine hits all; the slow rivals are left out of every other round. The rivals pull the three streams
// their client knew, ours all six.

import { join } from "node:path";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, finds, ours, pulled, removeFile, rival, serve, sizeOf, workplace } from "./common.mjs";
import { filledServer } from "./data.mjs";
import { section } from "./report.mjs";
import { count, mebibytes, median } from "./table.mjs";

export async function pull({ messages = "200000", rounds = "5", seed = "1" }) {
  await build();
  const work = workplace();
  const { home, filled, truth } = await filledServer({ messages, seed });
  const server = await serve(home);
  try {
    const times = await measure({ work, server, filled, truth, rounds: Number(rounds) });
    return report(times, { messages: truth.messages, seed, rounds: Number(rounds), digest: truth.digest });
  } finally {
    await server.stop();
    clearWorkplace();
  }
}

/** Each client: what it runs to fill `file`, how that file keeps ids, and in which table it searches. */
function clients({ work, server, filled }) {
  const reach = ["--url", server.url, "--token", filled.token];
  const [reference, index] = [join(work, "threadkeep.db"), join(work, "index.db")];
  const node = (name, search) => (file) =>
    rival(name, server.url, filled.token, filled.integration, file, ...(search ? [search] : []));
  const browse = [
    { name: "threadkeep", ids: "blob", run: (file) => ours("pull", ...reach, "--to", file) },
    { name: "better_sqlite3", ids: "text", run: node("better_sqlite3"), slow: true },
    { name: "drizzle", ids: "text", run: node("drizzle"), slow: true },
    { name: "limit", ids: "blob", run: (file) => ours("limit", "--from", reference, "--to", file) },
  ];
  const search = [
    {
      name: "threadkeep + search",
      ids: "blob",
      run: (file) => {
        removeFile(index);
        return ours("pull", ...reach, "--to", file, "--index", index);
      },
      search: { file: index, table: "words" },
    },
    ...["trigger", "rebuild"].map((how) => ({
      name: `better_sqlite3, FTS by ${how}`,
      ids: "text",
      run: node("better_sqlite3", how),
      search: { table: "messages-fts" },
      slow: true,
    })),
  ];
  return [...browse, ...search];
}

async function measure({ rounds, truth, ...setting }) {
  const times = new Map();
  const note = (name, used) => {
    say(`${name.padEnd(28)} ${used.seconds.toFixed(2)} s`);
    times.set(name, [...(times.get(name) ?? []), used]);
  };
  // A machine that lay idle has to find its memory and its disk's caches first, which took the first client 5 of 18 s;
  // now nobody's time holds it.
  step("Once for nobody");
  const [first] = clients(setting);
  await pulled(first.name, join(setting.work, "nobody.db"), first.ids, truth, first.run);
  removeFile(join(setting.work, "nobody.db"));
  for (let round = 1; round <= rounds; round += 1) {
    step(`Round ${round} of ${rounds}`);
    for (const { name, ids, run: start, search, slow } of clients(setting)) {
      if (slow && round % 2 === 0) continue;
      const file = join(setting.work, `${name.replaceAll(/\W+/g, "-")}.db`);
      const used = await pulled(name, file, ids, truth, start);
      if (search) {
        await finds(name, search.file ?? file, search.table, truth);
        used.bytes += search.file ? sizeOf(search.file) : 0;
      }
      note(name, used);
      // The rows of the first one are what the limit inserts.
      if (name !== "threadkeep") removeFile(file);
    }
    const [from, to] = ["threadkeep.db", "limit-search.db"].map((name) => join(setting.work, name));
    removeFile(to);
    const used = await ours("limit-index", "--from", from, "--to", to);
    note("limit: FTS5 alone", { ...used, bytes: sizeOf(to) });
    removeFile(to);
  }
  return times;
}

function report(times, { messages, rounds, ...setting }) {
  const pick = (name, key) => times.get(name).map((one) => one[key]);
  const lines = (names) => {
    const base = median(pick(names[0], "seconds"));
    return names.map((name) => {
      const middle = median(pick(name, "seconds"));
      return {
        client: name,
        "median s": middle.toFixed(2),
        "min s": Math.min(...pick(name, "seconds")).toFixed(2),
        "messages/s": count(Math.round(messages / middle)),
        "CPU s": median(pick(name, "cpu_seconds")).toFixed(2),
        // The limits hold all rows in memory before their time begins: their peak says nothing.
        "peak MiB": name.startsWith("limit") ? "–" : mebibytes(Math.max(...pick(name, "peak_bytes"))),
        "file MiB": mebibytes(median(pick(name, "bytes"))),
        "× threadkeep": (middle / base).toFixed(2),
        times: count(times.get(name).length),
      };
    });
  };
  const all = [...times.keys()];
  const searching = all.filter((name) => /search|FTS/.test(name));
  const found = { setting: { messages, rounds, ...setting }, times: Object.fromEntries(times) };
  const what = `the first pull of ${count(messages)} messages`;
  const same = "Same server, same rows (digests agree), WAL + synchronous=FULL, last checkpoint in the time.";
  const readable = median(pick("threadkeep + search", "readable_seconds")).toFixed(2);
  return [
    section("pull", `Task 1: ${what} until browsable`, lines(all.filter((name) => !searching.includes(name))), [same], found),
    section("pull-search", `Task 2: ${what} until search is complete`, lines(searching), [
      `${same} 50 fixed words have as many hits as messages. With the index made beside it, everything could be read after ${readable} s.`,
    ], found),
  ];
}

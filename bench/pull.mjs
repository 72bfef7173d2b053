// Task 1: the first pull of N messages until they can be browsed.
//
// One server process serves the same page bytes to every client; each client is a process of its own,
// takes the time itself from opening its file to its last checkpoint, and ends with the server's rows or
// its time is void. Durability is the same (WAL, synchronous=FULL). Rounds go A, B, C, A, B, C, so that a
// slow minute of the machine hits all. The rivals pull the three streams their client knew, ours all six.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { must, npm, root } from "../scripts/run.mjs";
import { dim, say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, client, fill, keep, machine, ours, pulled, serve, workplace } from "./common.mjs";
import { median, table } from "./table.mjs";

const peers = join(root, "bench", "peers");

export async function pull({ messages = "200000", rounds = "5", seed = "1" }) {
  await build();
  await installPeers();
  const work = workplace();
  const { home, filled, truth } = await fill(work, { messages, seed });

  const server = await serve(home);
  try {
    const times = await measure({ work, server, filled, truth, rounds: Number(rounds) });
    report(times, { messages: truth.messages, seed, rounds: Number(rounds), digest: truth.digest });
  } finally {
    server.process.kill("SIGTERM");
  }
  clearWorkplace();
}

/** Each client: its name, what it runs to fill `file`, and how that file keeps ids. */
function clients({ work, server, filled }) {
  const reach = [server.url, filled.token, String(filled.integration)];
  const reference = join(work, "threadkeep.db");
  const node = (name) => (file) => client(process.execPath, [join(peers, `${name}.mjs`), ...reach, file]);
  return [
    {
      name: "threadkeep",
      ids: "blob",
      run: (file) => ours("pull", "--url", server.url, "--token", filled.token, "--to", file),
    },
    { name: "better_sqlite3", ids: "text", run: node("better_sqlite3") },
    { name: "drizzle", ids: "text", run: node("drizzle") },
    { name: "limit", ids: "blob", run: (file) => ours("limit", "--from", reference, "--to", file) },
  ];
}

async function measure({ rounds, truth, ...setting }) {
  const times = new Map();
  for (let round = 1; round <= rounds; round += 1) {
    step(`Round ${round} of ${rounds}`);
    for (const { name, ids, run: start } of clients(setting)) {
      const used = await pulled(name, join(setting.work, `${name}.db`), ids, truth, start);
      say(`${name.padEnd(16)} ${used.seconds.toFixed(2)} s`);
      times.set(name, [...(times.get(name) ?? []), used]);
    }
  }
  return times;
}

function report(times, setting) {
  const base = median(times.get("threadkeep").map((used) => used.seconds));
  const lines = [...times].map(([name, used]) => {
    const pick = (key) => used.map((one) => one[key]);
    const middle = median(pick("seconds"));
    return {
      client: name,
      "median s": middle.toFixed(2),
      "min s": Math.min(...pick("seconds")).toFixed(2),
      "messages/s": Math.round(setting.messages / middle).toLocaleString("en"),
      "CPU s": median(pick("cpu_seconds")).toFixed(2),
      // The limit holds all rows in memory before its time begins: its peak says nothing.
      "peak MiB": name === "limit" ? "–" : mebibytes(Math.max(...pick("peak_bytes"))),
      "file MiB": mebibytes(median(pick("bytes"))),
      "× threadkeep": (middle / base).toFixed(2),
    };
  });
  const head = `Task 1: first pull of ${setting.messages.toLocaleString("en")} messages until browsable, ${setting.rounds} rounds`;
  say(`\n${head}\n${dim(machine())}\n`);
  say(table(lines));
  say(dim("\nSame server, same rows (digests agree), WAL + synchronous=FULL, last checkpoint in the time."));
  keep("pull", { setting, times: Object.fromEntries(times) });
}

/** better-sqlite3 is compiled here: its prebuilt file is fetched from a place not everybody reaches. */
async function installPeers() {
  step("Installing the rivals (bench/peers)");
  if (existsSync(join(peers, "node_modules", "better-sqlite3", "build", "Release", "better_sqlite3.node"))) {
    say(dim("They are there."));
    return;
  }
  // Where Node came with its headers, node-gyp need not fetch them either.
  const prefix = join(process.execPath, "..", "..");
  const headers = existsSync(join(prefix, "include", "node", "node.h")) ? { npm_config_nodedir: prefix } : {};
  const [command, args] = npm("ci", "--no-audit", "--no-fund");
  await must("npm ci in bench/peers", command, args, { cwd: peers, env: headers });
}

function mebibytes(bytes) {
  return Math.round(bytes / 2 ** 20).toLocaleString("en");
}

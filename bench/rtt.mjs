// Task 3: the first pull behind a network with a round trip.
//
// A relay of ours holds all bytes back by half the round trip each way and takes nothing away from the
// bandwidth, so that what is seen is the price of waiting. Each way of asking goes through it at each round
// trip, 0 too, and ends with the server's rows or its time is void. Rounds are interleaved.
//
// The limit: a pull that waited for nothing would take as long as at 0 ms.

import { join } from "node:path";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, listening, ours, pulled, serve, workplace } from "./common.mjs";
import { filledServer } from "./data.mjs";
import { section } from "./report.mjs";
import { count, median } from "./table.mjs";

const WAYS = {
  lines: "each stream as one answer",
  pages: "pages of 5,000, the next one under way",
  "one-by-one": "page after page of 1,500, as the seeds' client",
};

export async function rtt({ messages = "200000", rounds = "3", seed = "1", rtts = "0,20,50,100", ways = Object.keys(WAYS).join() }) {
  await build();
  const work = workplace();
  const { home, filled, truth } = await filledServer({ messages, seed });
  const server = await serve(home);
  const delays = rtts.split(",").map(Number);
  const relays = new Map();
  try {
    for (const delay of delays) {
      const to = server.url.replace("http://", "");
      relays.set(delay, await listening("The relay", "threadkeep-bench", ["relay", "--to", to, "--rtt", `${delay}`]));
    }
    const times = await measure({ work, filled, truth, relays, ways: ways.split(","), rounds: Number(rounds) });
    return report(times, { messages: truth.messages, seed, rounds: Number(rounds), delays });
  } finally {
    for (const { stop } of [...relays.values(), server]) await stop();
    clearWorkplace();
  }
}

/** The times, by way and round trip. */
async function measure({ work, filled, truth, relays, ways, rounds }) {
  const times = Object.fromEntries(ways.map((way) => [way, {}]));
  for (let round = 1; round <= rounds; round += 1) {
    step(`Round ${round} of ${rounds}`);
    for (const [delay, relay] of relays) {
      for (const way of ways) {
        const used = await pulled(way, join(work, `${way}.db`), "blob", truth, (file) =>
          ours("pull", "--url", relay.url, "--token", filled.token, "--to", file, "--how", way),
        );
        say(`${way.padEnd(12)} ${String(delay).padStart(4)} ms  ${used.seconds.toFixed(2)} s  ${used.requests} requests`);
        times[way][delay] = [...(times[way][delay] ?? []), used];
      }
    }
  }
  return times;
}

function report(times, { delays, ...setting }) {
  const pick = (way, delay) => times[way][delay].map((used) => used.seconds);
  const [first] = delays;
  const [base] = Object.keys(times);
  const lines = Object.keys(times).flatMap((way) =>
    delays.map((delay) => ({
      way,
      "rtt ms": String(delay),
      "median s": median(pick(way, delay)).toFixed(2),
      "min s": Math.min(...pick(way, delay)).toFixed(2),
      [`median × its ${first} ms`]: (median(pick(way, delay)) / median(pick(way, first))).toFixed(2),
      [`min × its ${first} ms`]: (Math.min(...pick(way, delay)) / Math.min(...pick(way, first))).toFixed(2),
      [`× ${base}`]: (median(pick(way, delay)) / median(pick(base, delay))).toFixed(2),
      requests: String(times[way][delay][0].requests),
    })),
  );
  const title = `Task 3: the first pull of ${count(setting.messages)} messages behind a round trip, ${setting.rounds} rounds`;
  const notes = Object.keys(times).map((way) => `${way}: ${WAYS[way]}.`);
  return section("rtt", title, lines, notes, { setting: { ...setting, delays }, times });
}

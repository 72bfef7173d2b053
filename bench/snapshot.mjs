// What a first pull by snapshot would gain: a finished mirror and its index, packed once, fetched and checked,
// against pulling until search is complete, and against copying the files. The protocol gets a snapshot if
// it is five times as fast; `bench/README.md` says what was decided.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { say, step } from "../scripts/terminal.mjs";
import {
  build,
  clearWorkplace,
  finds,
  holds,
  listening,
  ours,
  pulled,
  removeFile,
  serve,
  sizeOf,
  workplace,
} from "./common.mjs";
import { filledServer } from "./data.mjs";
import { section } from "./report.mjs";
import { count, mebibytes, median } from "./table.mjs";

export async function snapshot({ messages = "1000000", rounds = "5", seed = "1" }) {
  await build();
  const work = workplace();
  const { home, filled, truth } = await filledServer({ messages, seed });
  const pulledTo = place(work, "pulled");
  const server = await serve(home);
  const reach = ["--url", server.url, "--token", filled.token];
  const pull = async () => {
    removeFile(pulledTo.index);
    const start = (file) => ours("pull", ...reach, "--to", file, "--index", pulledTo.index);
    return pulled("pull", pulledTo.mirror, "blob", truth, start);
  };
  const times = { pull: [], take: [], copy: [] };
  try {
    await pull();
    const packed = join(work, "packed");
    mkdirSync(packed);
    // Its own copy: the pull writes the files anew in each round.
    const kept = place(work, "kept");
    await ours("snapshot", "copy", "--from", pulledTo.mirror, pulledTo.index, "--to", kept.mirror, kept.index);
    const handing = ["snapshot", "serve", "--mirror", kept.mirror, "--index", kept.index, "--to", packed];
    const source = await listening("The snapshot", "threadkeep-bench", handing);
    for (let round = 1; round <= Number(rounds); round += 1) {
      step(`Round ${round} of ${rounds}`);
      note(times, "pull", await pull());
      note(times, "take", await take(source, place(work, "taken"), truth));
      note(times, "copy", await copy(kept, place(work, "copied")));
    }
    const packing = await source.end();
    return report(times, { packing, truth, rounds: Number(rounds), seed });
  } finally {
    await server.stop();
    clearWorkplace();
  }
}

function place(work, name) {
  return { mirror: join(work, `${name}.db`), index: join(work, `${name}-search.db`) };
}

async function take(source, to, truth) {
  removeFile(to.mirror);
  removeFile(to.index);
  const address = new URL(source.url).host;
  const used = await ours("snapshot", "take", "--address", address, "--mirror", to.mirror, "--index", to.index);
  await holds("snapshot", to.mirror, "blob", truth);
  await finds("snapshot", to.index, "words", truth);
  return { ...used, bytes: sizeOf(to.mirror) + sizeOf(to.index) };
}

async function copy(from, to) {
  const files = ["--from", from.mirror, from.index, "--to", to.mirror, to.index];
  const used = await ours("snapshot", "copy", ...files);
  return { ...used, bytes: sizeOf(to.mirror) + sizeOf(to.index) };
}

function note(times, name, used) {
  say(`${name.padEnd(6)} ${used.seconds.toFixed(2)} s`);
  times[name].push(used);
}

function report(times, { packing, truth, ...setting }) {
  const middle = (name, key) => median(times[name].map((one) => one[key]));
  const base = middle("take", "seconds");
  const lines = [
    ["pull", "pull until search is complete"],
    ["take", "snapshot: fetch, unpack, hash, check, open"],
    ["copy", "limit: copy the files and fsync"],
  ].map(([name, client]) => ({
    client,
    "median s": middle(name, "seconds").toFixed(2),
    "min s": Math.min(...times[name].map((one) => one.seconds)).toFixed(2),
    "CPU s": middle(name, "cpu_seconds").toFixed(2),
    "peak MiB": mebibytes(Math.max(...times[name].map((one) => one.peak_bytes))),
    "× snapshot": (middle(name, "seconds") / base).toFixed(2),
    times: count(times[name].length),
  }));
  const notes = [
    `Packed once in ${packing.seconds.toFixed(1)} s: ${mebibytes(packing.wire_bytes)} MiB for ${mebibytes(middle("take", "bytes"))} MiB of files. Digest and 50 words agree.`,
  ];
  const title = `Snapshot: ${count(truth.messages)} messages at once, a prototype`;
  return [section("snapshot", title, lines, notes, { setting, packing, times })];
}

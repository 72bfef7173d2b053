// A first pull that begins with the server's snapshot, against one that pulls until search is complete and against
// copying the files. Worth its code if it is five times as fast.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { releaseProgram } from "../scripts/build.mjs";
import { say, step } from "../scripts/terminal.mjs";
import {
  build,
  clearWorkplace,
  client,
  finds,
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
  const { home, database, filled, truth } = await filledServer({ messages, seed });
  const packs = `${database}.snapshots`;
  rmSync(packs, { recursive: true, force: true });
  step("Packing");
  const begun = performance.now();
  const packing = ["--home", home, "--json", "snapshot", "--integration", String(filled.integration)];
  const pack = await client(releaseProgram("threadkeep-server"), packing);
  const packedIn = (performance.now() - begun) / 1_000;
  const server = await serve(home, { snapshots: "yes" });
  const reach = ["--url", server.url, "--token", filled.token];
  const times = { pull: [], take: [], copy: [] };
  const begin = async (name, ...how) => {
    const to = place(work, name);
    removeFile(to.index);
    const start = (file) => ours("pull", ...reach, "--to", file, "--index", to.index, ...how);
    const used = await pulled(name, to.mirror, "blob", truth, start);
    await finds(name, to.index, "words", truth);
    return { ...used, bytes: used.bytes + sizeOf(to.index) };
  };
  try {
    await begin("take", "--snapshot");
    for (let round = 1; round <= Number(rounds); round += 1) {
      step(`Round ${round} of ${rounds}`);
      note(times, "pull", await begin("pull"));
      note(times, "take", await begin("take", "--snapshot"));
      note(times, "copy", await copy(place(work, "take"), place(work, "copied")));
    }
    return report(times, { pack, packedIn, truth, rounds: Number(rounds), seed });
  } finally {
    await server.stop();
    clearWorkplace();
    rmSync(packs, { recursive: true, force: true });
  }
}

function place(work, name) {
  return { mirror: join(work, `${name}.db`), index: join(work, `${name}-search.db`) };
}

async function copy(from, to) {
  const files = ["--from", from.mirror, from.index, "--to", to.mirror, to.index];
  return ours("copy-files", ...files);
}

function note(times, name, used) {
  say(`${name.padEnd(6)} ${used.seconds.toFixed(2)} s`);
  times[name].push(used);
}

function report(times, { pack, packedIn, truth, ...setting }) {
  const middle = (name, key) => median(times[name].map((one) => one[key]));
  const base = middle("take", "seconds");
  const lines = [
    ["pull", "pull until search is complete"],
    ["take", "begin with the server's snapshot"],
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
  const wire = pack.files.reduce((sum, file) => sum + file.packed_bytes, 0);
  const notes = [
    `Built and packed in ${packedIn.toFixed(1)} s: ${mebibytes(wire)} MiB for ${mebibytes(middle("take", "bytes"))} MiB of files. Digest and 50 words agree.`,
  ];
  const title = `Snapshot: ${count(truth.messages)} messages at once`;
  return [section("snapshot", title, lines, notes, { setting, pack, packedIn, times })];
}

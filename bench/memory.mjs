// Whether an archive of a gigabyte needs more memory than a small one, form by form: each is made, read to its end by
// a process of its own, and deleted.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "../scripts/run.mjs";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, ours, workplace } from "./common.mjs";
import { freeSpace } from "./data.mjs";
import { section } from "./report.mjs";
import { count, mebibytes } from "./table.mjs";

const names = { txt: "WhatsApp Chat with Ana Souza.txt", zip: "chat.zip", msgstore: "msgstore.db", telegram: "result.json", baileys: "baileys_store.json" };

export async function memory({ sizes = "100,1000", forms = Object.keys(names).join(","), seed = "1" }) {
  const wanted = sizes.split(",").map(Number);
  // A database is read from a private copy.
  const needed = (2 * Math.max(...wanted)) / 1000 + 1;
  if (freeSpace() < needed) throw new Stop(`This needs ${needed.toFixed(0)} GiB of free disk.`);
  await build();
  const work = workplace();
  const found = [];
  try {
    for (const form of forms.split(",")) {
      for (const size of wanted) {
        step(`${form} of ${count(size)} MB`);
        const file = join(work, names[form]);
        const made = await ours("archive", "--to", file, "--form", form, "--bytes", String(size * 1e6), "--seed", seed);
        const used = await ours("read-archive", file);
        rmSync(file);
        if (used.messages !== made.messages) throw new Stop(`${used.messages} of ${made.messages} messages were read.`);
        say(`${mebibytes(used.peak_bytes)} MiB at the most`);
        found.push({ form, size, bytes: made.bytes, ...used });
      }
    }
  } finally {
    clearWorkplace();
  }
  const lines = found.map((one) => ({
    archive: one.form,
    MiB: mebibytes(one.bytes),
    messages: count(one.messages),
    s: one.seconds.toFixed(1),
    "peak MiB": mebibytes(one.peak_bytes),
  }));
  const notes = ["What is read is counted as a preview counts it, which keeps a line for each chat; pictures in the zip are read for their hash."];
  return [section("memory", "Memory: archives of any size", lines, notes, { sizes, forms, seed, found })];
}

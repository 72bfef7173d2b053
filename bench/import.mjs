// What people have already: reading an archive, and bringing it in until it can be read here, from an exported text and
// from a phone's database; the text also against whatsapp-chat-parser.

import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "../scripts/run.mjs";
import { say, step } from "../scripts/terminal.mjs";
import { build, clearWorkplace, ours, rival, workplace } from "./common.mjs";
import { section } from "./report.mjs";
import { count, mebibytes, median } from "./table.mjs";

export async function archives({ messages = "1000000", rounds = "3", seed = "1" }) {
  await build();
  const work = workplace();
  const made = {};
  for (const form of ["txt", "msgstore"]) {
    step(`Writing an archive of ${Number(messages).toLocaleString("en")} messages (${form})`);
    const file = join(work, form === "txt" ? "WhatsApp Chat with Ana Souza.txt" : "msgstore.db");
    const archive = ["--to", file, "--form", form, "--messages", messages, "--seed", seed];
    made[form] = { file, ...(await ours("archive", ...archive)) };
  }
  const home = join(work, "home");
  const ways = {
    "txt: read": () => ours("read-archive", made.txt.file),
    "txt: read by whatsapp-chat-parser": () => rival("archive", made.txt.file),
    "txt: import": () => fresh(home, made.txt.file),
    "msgstore: read": () => ours("read-archive", made.msgstore.file),
    "msgstore: import": () => fresh(home, made.msgstore.file),
  };
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  try {
    for (let round = 1; round <= Number(rounds); round += 1) {
      step(`Round ${round} of ${rounds}`);
      for (const [name, run] of Object.entries(ways)) {
        const used = await run();
        if (used.messages !== Number(messages)) {
          throw new Stop(`${name} ended with ${used.messages} messages: its time is void.`);
        }
        say(`${name.padEnd(34)} ${used.seconds.toFixed(2)} s`);
        times[name].push(used);
      }
    }
    return report(times, { messages: Number(messages), rounds: Number(rounds), seed, made });
  } finally {
    clearWorkplace();
  }
}

async function fresh(home, file) {
  if (existsSync(home)) rmSync(home, { recursive: true });
  return ours("import", file, "--home", home);
}

function report(times, { messages, made, ...setting }) {
  const middle = (name, key) => median(times[name].map((one) => one[key]));
  const lines = Object.keys(times).map((name) => ({
    what: name,
    "messages/s": count(Math.round(messages / middle(name, "seconds"))),
    "median s": middle(name, "seconds").toFixed(2),
    "CPU s": middle(name, "cpu_seconds").toFixed(2),
    "peak MiB": mebibytes(Math.max(...times[name].map((one) => one.peak_bytes))),
  }));
  const notes = [
    `The bar is 30,000 messages a second on two cores, read and brought in. The text has ${mebibytes(made.txt.bytes)} MiB, the database ${mebibytes(made.msgstore.bytes)} MiB.`,
  ];
  return [section("import", `Import: ${count(messages)} messages that somebody has`, lines, notes, { setting, times })];
}

// The rival of reading an exported text: whatsapp-chat-parser, which takes it whole.

import { readFileSync } from "node:fs";
import { parseString } from "whatsapp-chat-parser";

const [file] = process.argv.slice(2);
const [begun, before] = [performance.now(), process.cpuUsage()];
const messages = parseString(readFileSync(file, "utf8"), { daysFirst: true }).length;
const { user, system } = process.cpuUsage(before);
const used = {
  messages,
  seconds: (performance.now() - begun) / 1_000,
  cpu_seconds: (user + system) / 1_000_000,
  peak_bytes: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(`${JSON.stringify(used)}\n`);

// What `whatsapp-chat-parser` makes of exported texts: an array for each file, of `[minute, sender, text]`.

import { readFileSync } from "node:fs";
import { parseString } from "whatsapp-chat-parser";

const two = (number) => String(number).padStart(2, "0");
const minute = (at) =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
const read = (file) => parseString(readFileSync(file, "utf8")).map(({ date, author, message }) => [minute(date), author, message]);
console.log(JSON.stringify(process.argv.slice(2).map(read)));

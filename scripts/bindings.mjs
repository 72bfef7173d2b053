// `npm run bindings`: writes the types the window sees.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { committed, generated } from "./check/bindings.mjs";
import { main, root } from "./run.mjs";
import { say } from "./terminal.mjs";

await main(async () => {
  writeFileSync(join(root, committed), await generated());
  say(`${committed} is written.`);
});

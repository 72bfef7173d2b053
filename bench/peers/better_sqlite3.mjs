// Rival: better-sqlite3 with prepared upserts.

import { pull } from "./pull.mjs";
import { prepared } from "./upsert.mjs";

await pull(prepared);

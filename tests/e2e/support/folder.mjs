// Folders that go away with the test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "threadkeep-e2e-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

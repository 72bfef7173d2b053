// Folders that go away with the test.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "threadkeep-e2e-"));
  // A window that is going away may still write its last.
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

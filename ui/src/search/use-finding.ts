import { useSyncExternalStore } from "react";
import type { Finding, Found } from "./finding";

export function useFound(finding: Finding): Found {
  return useSyncExternalStore(finding.subscribe, finding.read);
}

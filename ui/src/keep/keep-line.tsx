import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { selectionQuery } from "./queries";
import { selectionWords } from "./words";

/** What is kept of an account, as one line that leads to where it is chosen. */
export function KeepLine({ accountId, name }: { accountId: string; name: string }) {
  const kept = useQuery(selectionQuery(accountId));
  if (kept.data === undefined) return null;
  return (
    <span className="block text-ink-2">
      Kept here: {lowerFirst(selectionWords(kept.data))}
      {kept.data.pending && " (not all here yet)"} ·{" "}
      <Link
        to="/sync/keep/$accountId"
        params={{ accountId }}
        data-testid="keep-open"
        className="link"
        aria-label={`Change what is kept here of ${name}`}
      >
        Change
      </Link>
    </span>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

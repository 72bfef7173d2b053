import { entryFor, sentence } from "../app/errors";
import { formatDate, plural } from "../app/format";
import type { History } from "../bindings";
import type { HistoryControl } from "./use-history";

/** A request for so many is one for everything: how much that is nobody knows, so there is no bar. */
const MOST = 10_000;

/** The top of a chat: since when it is here, and how to get what is older. */
export function HistoryBar({ control, oldest }: { control: HistoryControl; oldest: number | null }) {
  const { history, error, load, cancel } = control;
  if (history === null) return <p>{error === null ? "" : words(error)}</p>;
  const since = oldest === null ? "" : ` since ${formatDate(oldest)}`;
  if (history.status === "in_progress") {
    return (
      <>
        <p role="status" data-testid="history-progress" data-synced={history.messages_synced}>
          {progress(history)}
        </p>
        {history.max_messages < MOST && (
          <progress
            className="history-progress"
            aria-label="Older messages"
            value={history.messages_synced}
            max={Math.max(history.max_messages, 1)}
          />
        )}
        <button type="button" data-testid="history-cancel" className="btn small" onClick={cancel}>
          Cancel
        </button>
      </>
    );
  }
  if (history.history_complete) {
    return (
      <p data-testid="history-complete" title={oldest === null ? undefined : `Here${since}`}>
        The beginning of this chat
      </p>
    );
  }
  if (!history.can_ask) {
    return <p data-testid="history-closed">Here{since}. Its server cannot be asked for older messages.</p>;
  }
  return (
    <>
      <p data-testid="history-state" data-status={history.status}>
        {error === null ? stood(history, since) : words(error)}
      </p>
      <button type="button" data-testid="history-load" className="btn small" onClick={load}>
        {history.status === "interrupted" || history.status === "cancelled"
          ? "Go on loading"
          : history.status === "failed" || error !== null
            ? "Try again"
            : "Load full history"}
      </button>
    </>
  );
}

function progress(history: History): string {
  if (history.messages_synced === 0) return "Asking the phone for older messages…";
  const back = history.last_timestamp === null ? "" : `, back to ${formatDate(history.last_timestamp)}`;
  return `${plural(history.messages_synced, "older message", "older messages")} so far${back}`;
}

function stood(history: History, since: string): string {
  const count = plural(history.messages_synced, "older message", "older messages");
  switch (history.status) {
    case "interrupted":
      return `Interrupted after ${count}. ${sentence(history.error_message ?? "")}`.trim();
    case "cancelled":
      return `Stopped after ${count}. They are kept.`;
    case "failed":
      return `No older messages: ${sentence(history.error_message ?? "the phone refused")}`;
    default:
      return `Here${since}`;
  }
}

function words(error: { code: string; message: string }): string {
  return `${entryFor(error.code).headline}. ${sentence(error.message)}`;
}

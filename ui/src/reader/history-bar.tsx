import { entryFor, sentence } from "../app/errors";
import { formatDate, plural } from "../app/format";
import type { History } from "../bindings";
import type { HistoryControl } from "./use-history";

/** A request for so many is one for everything: how much that is nobody knows, so there is no bar. */
const MOST = 10_000;

/** The top of a chat: since when it is here, and how to get what is older. */
export function HistoryBar({ control, oldest }: { control: HistoryControl; oldest: number | null }) {
  const { history, error, load, cancel } = control;
  if (history === null) return error === null ? <p /> : <Stood stood={wrong(error)} status="unknown" />;
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
      <Stood stood={error === null ? ended(history, since) : wrong(error)} status={history.status} />
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

type Words = { headline: string | null; text: string };

/** How a request ended, and why. There is room for few lines: all of it is in the title. */
function Stood({ stood: { headline, text }, status }: { stood: Words; status: string }) {
  return (
    <p
      role={headline === null ? undefined : "status"}
      data-testid="history-state"
      data-status={status}
      title={headline === null ? undefined : `${headline}. ${text}`}
    >
      {headline !== null && (
        <>
          <strong className="font-semibold text-ink">{headline}</strong>
          <br />
        </>
      )}
      {text}
    </p>
  );
}

function ended(history: History, since: string): Words {
  const some = history.messages_synced > 0;
  const count = plural(history.messages_synced, "older message", "older messages");
  const why = sentence(history.error_message ?? "");
  switch (history.status) {
    case "interrupted":
      return {
        headline: some ? `Interrupted after ${count}` : "Interrupted before anything came",
        text: why,
      };
    case "cancelled":
      return {
        headline: null,
        text: some ? `Stopped after ${count}. They are kept.` : "Stopped before anything came.",
      };
    case "failed":
      return {
        headline: some ? `Failed after ${count}` : "Older messages did not come",
        text: why === "" ? "The phone refused." : why,
      };
    default:
      return { headline: null, text: `Here${since}` };
  }
}

function wrong(error: { code: string; message: string }): Words {
  return { headline: entryFor(error.code).headline, text: sentence(error.message) };
}

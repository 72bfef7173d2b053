import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { entryFor, sentence } from "../app/errors";
import { formatDate } from "../app/format";
import type { History } from "../bindings";
import { CoreWords } from "../parts/core-words";
import type { HistoryControl } from "./use-history";

/** A request for so many is one for everything: how much that is nobody knows, so there is no bar. */
const MOST = 10_000;

/** The top of a chat: since when it is here, and how to get what is older. */
export function HistoryBar({ control, oldest }: { control: HistoryControl; oldest: number | null }) {
  const { history, error, load, cancel } = control;
  if (history === null) return error === null ? <p /> : <Stood stood={wrong(error)} status="unknown" />;
  const since = oldest === null ? t`Here` : t`Here since ${formatDate(oldest)}`;
  if (history.status === "in_progress") {
    return (
      <>
        <p role="status" data-testid="history-progress" data-synced={history.messages_synced}>
          {progress(history)}
        </p>
        {history.max_messages < MOST && (
          <progress
            className="history-progress"
            aria-label={t`Older messages`}
            value={history.messages_synced}
            max={Math.max(history.max_messages, 1)}
          />
        )}
        <button type="button" data-testid="history-cancel" className="btn small" onClick={cancel}>
          <Trans>Cancel</Trans>
        </button>
      </>
    );
  }
  if (history.history_complete) {
    return (
      <p data-testid="history-complete" title={oldest === null ? undefined : since}>
        <Trans>The beginning of this chat</Trans>
      </p>
    );
  }
  if (!history.can_ask) {
    return (
      <p data-testid="history-closed">
        <Trans>{since}. Its server cannot be asked for older messages.</Trans>
      </p>
    );
  }
  return (
    <>
      <Stood stood={error === null ? ended(history, since) : wrong(error)} status={history.status} />
      <button type="button" data-testid="history-load" className="btn small" onClick={load}>
        {history.status === "interrupted" || history.status === "cancelled"
          ? t`Go on loading`
          : history.status === "failed" || error !== null
            ? t`Try again`
            : t`Load full history`}
      </button>
    </>
  );
}

function progress(history: History): string {
  if (history.messages_synced === 0) return t`Asking the phone for older messages…`;
  const count = history.messages_synced;
  if (history.last_timestamp === null) {
    return plural(count, { one: "# older message so far", other: "# older messages so far" });
  }
  const back = formatDate(history.last_timestamp);
  return plural(count, {
    one: `# older message so far, back to ${back}`,
    other: `# older messages so far, back to ${back}`,
  });
}

/** `isCore`: the text is the core's own or the server's, and English. */
type Words = { headline: string | null; text: string; isCore?: boolean };

/** How a request ended, and why. There is room for few lines: all of it is in the title. */
function Stood({ stood: { headline, text, isCore = false }, status }: { stood: Words; status: string }) {
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
      {isCore ? <CoreWords message={text} /> : text}
    </p>
  );
}

function ended(history: History, since: string): Words {
  const count = history.messages_synced;
  const some = count > 0;
  const why = sentence(history.error_message ?? "");
  switch (history.status) {
    case "interrupted":
      return {
        headline: some
          ? plural(count, {
              one: "Interrupted after # older message",
              other: "Interrupted after # older messages",
            })
          : t`Interrupted before anything came`,
        text: why,
        isCore: true,
      };
    case "cancelled":
      return {
        headline: null,
        text: some
          ? plural(count, {
              one: "Stopped after # older message. It is kept.",
              other: "Stopped after # older messages. They are kept.",
            })
          : t`Stopped before anything came.`,
      };
    case "failed":
      return {
        headline: some
          ? plural(count, { one: "Failed after # older message", other: "Failed after # older messages" })
          : t`Older messages did not come`,
        text: why === "" ? t`The phone refused.` : why,
        isCore: why !== "",
      };
    default:
      return { headline: null, text: since };
  }
}

function wrong(error: { code: string; message: string }): Words {
  return { headline: entryFor(error.code).headline, text: sentence(error.message), isCore: true };
}

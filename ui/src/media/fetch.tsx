import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { type AppError, call, toAppError } from "../app/call";
import { entryFor } from "../app/errors";
import { formatBytes, formatCount } from "../app/format";
import { commands, type Media } from "../bindings";
import { Icon } from "../parts/icon";
import { useProgress } from "./downloads";

/** Where the bytes of a file are, and the button that brings them; nothing where they are here. */
export function Fetch({ media }: { media: Media }) {
  const [error, setError] = useState<AppError | null>(null);
  const progress = useProgress(media.id);
  const ask = (answer: ReturnType<typeof commands.mediaWant>) => {
    setError(null);
    call(answer).catch((fault) => setError(toAppError(fault)));
  };
  const want = () => ask(commands.mediaWant(media.id));
  const size = media.bytes !== null && media.bytes > 0 ? formatBytes(media.bytes) : null;

  if (media.state === "here") return null;
  if (error !== null) return <Failed code={error.code} onRetry={want} />;
  if (progress !== null || media.state === "waiting") {
    const { received = 0, total = null } = progress ?? {};
    const percent = total !== null && total > 0 ? Math.floor((100 * received) / total) : null;
    return (
      <span className="fetch" data-testid="media-progress">
        {percent !== null && <progress max={100} value={percent} aria-label={t`Downloading`} />}
        <span>
          {progress === null ? (
            <Trans>Waiting to download</Trans>
          ) : percent === null ? (
            <Trans>Downloading, {formatBytes(received)}</Trans>
          ) : (
            <Trans>Downloading, {formatCount(percent)} %</Trans>
          )}
        </span>
        <button
          type="button"
          data-testid="media-cancel"
          aria-label={t`Cancel the download`}
          onClick={() => ask(commands.mediaLeave(media.id))}
        >
          <Icon name="close" className="size-3.5!" />
        </button>
      </span>
    );
  }
  switch (media.state) {
    case "failed":
      return <Failed code={media.error ?? ""} onRetry={want} />;
    case "gone":
      return (
        <span className="fetch" data-testid="media-gone">
          <Trans>The server no longer has this file</Trans>
        </span>
      );
    case "on_server":
      return (
        <button type="button" className="fetch" data-testid="media-fetch" onClick={want}>
          <Icon name="down" className="size-3.5!" />
          {size === null ? <Trans>Download</Trans> : <Trans>Download, {size}</Trans>}
        </button>
      );
    default:
      return (
        <span className="fetch" data-testid="media-missing">
          {size === null ? <Trans>Not on the server</Trans> : <Trans>Not on the server, {size}</Trans>}
        </span>
      );
  }
}

function Failed({ code, onRetry }: { code: string; onRetry: () => void }) {
  return (
    <span className="fetch" role="status" data-testid="media-failed">
      <span>
        <Trans>Not downloaded: {entryFor(code).headline}</Trans>
      </span>
      <button type="button" className="retry" data-testid="media-retry" onClick={onRetry}>
        <Trans>Retry</Trans>
      </button>
    </span>
  );
}

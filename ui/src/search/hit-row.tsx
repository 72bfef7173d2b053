import { t } from "@lingui/core/macro";
import { memo } from "react";
import { formatMoment, formatRowTime } from "../app/format";
import type { SearchHit } from "../bindings";
import { Avatar } from "../parts/avatar";
import { Icon } from "../parts/icon";
import { kindName } from "../parts/kinds";
import { Marked } from "../parts/marked";
import { snippet } from "./snippet";

export function hitId(hit: SearchHit): string {
  return `hit-${hit.message_id}`;
}

type Props = {
  hit: SearchHit;
  index: number;
  /** How many there are in all, -1 where that is not known. */
  count: number;
  active: boolean;
  now: number;
  /** Its chat stands above it. */
  inGroup?: boolean;
  onOpen: (hit: SearchHit) => void;
};

/** One hit: in which chat, by whom, when, and what it says around what was looked for. */
export const HitRow = memo(function HitRow({
  hit,
  index,
  count,
  active,
  now,
  inGroup = false,
  onOpen,
}: Props) {
  const who = hit.from_me ? t`You` : (hit.sender?.name ?? "");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys for all its hits
    <div
      id={hitId(hit)}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-testid="hit"
      data-message-id={hit.message_id}
      data-external-id={hit.external_id}
      className="grid grid-cols-[36px_minmax(0,1fr)] gap-x-3 rounded-[12px] px-3.5 py-2.5 hover:bg-sunken aria-selected:bg-accent-soft narrow:px-2.5"
      onClick={() => onOpen(hit)}
    >
      {inGroup ? <span /> : <Avatar name={hit.chat_name} seed={hit.chat_jid} size={36} />}
      <div className="min-w-0">
        <p className="flex items-baseline gap-2">
          <span className="min-w-0 truncate">
            {inGroup ? (
              <bdi className="text-sm text-ink-2">{who}</bdi>
            ) : (
              <bdi className="font-semibold">{hit.chat_name}</bdi>
            )}
            {!inGroup && who !== "" && who !== hit.chat_name && (
              <span className="text-sm text-ink-2">
                {" · "}
                <bdi>{who}</bdi>
              </span>
            )}
          </span>
          <time
            className="ms-auto flex-none text-sm text-ink-2"
            dateTime={new Date(hit.at).toISOString()}
            title={formatMoment(hit.at)}
          >
            {formatRowTime(hit.at, now)}
          </time>
        </p>
        <Said hit={hit} />
      </div>
    </div>
  );
});

function Said({ hit }: { hit: SearchHit }) {
  const kind = kindName(hit.kind);
  const text = hit.text.text.trim() === "" ? null : snippet(hit.text, hit.mentions);
  const file = hit.file === null ? null : snippet(hit.file);
  return (
    <div className="text-ink-2">
      {file !== null && (
        <p className="flex items-center gap-1.5">
          <Icon name={kind?.icon ?? "document"} className="size-4!" />
          <bdi className="min-w-0 truncate">
            <Marked text={file.text} marks={file.marks} />
          </bdi>
        </p>
      )}
      {text !== null && text.text !== file?.text && (file === null || text.marks.length > 0) && (
        <p dir="auto" className="snippet line-clamp-2 wrap-anywhere">
          {kind !== null && file === null && (
            <Icon name={kind.icon} className="me-1.5 inline size-4! align-[-3px]" />
          )}
          <Marked text={text.text} marks={text.marks} />
        </p>
      )}
      {text === null && file === null && (
        <p className="flex items-center gap-1.5">
          {kind !== null && <Icon name={kind.icon} className="size-4!" />}
          {kind?.words ?? t`A message without words`}
        </p>
      )}
    </div>
  );
}

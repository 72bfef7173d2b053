import { t } from "@lingui/core/macro";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { entryFor } from "../app/errors";
import { formatCount } from "../app/format";
import { Icon, type IconName } from "../parts/icon";
import { type Answer, type Found, isCurrent } from "../search/finding";
import { isEmpty } from "../search/query";
import type { ChatSearch } from "./use-chat-search";

/** The bar above a chat's messages: what to look for in it, how much there is, and from hit to hit. */
export function ChatSearchBar({ search, onClose }: { search: ChatSearch; onClose: () => void }) {
  const { finding, found, step } = search;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const none = found.answer === null || found.answer.hits.length === 0;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowUp") step(1);
    else if (event.key === "ArrowDown") step(-1);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section
      aria-label={t`Search in this chat`}
      data-testid="chat-search"
      className="flex flex-none items-center gap-1 border-b border-line bg-surface px-4 py-2 narrow:px-2"
    >
      <div className="relative min-w-0 flex-1">
        <Icon
          name="search"
          className="pointer-events-none absolute top-1/2 start-2.5 size-4! -translate-y-1/2 text-ink-2 narrow:hidden"
        />
        <input
          ref={field}
          type="text"
          data-testid="chat-search-field"
          aria-label={t`Search in this chat`}
          placeholder={t`Search in this chat`}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          dir="auto"
          className="h-8.5 w-full rounded-[9px] border border-transparent bg-sunken pe-2.5 ps-8.5 narrow:px-2 placeholder:text-ink-2 focus-visible:border-accent focus-visible:outline-none"
          value={found.text}
          onChange={(event) => finding.setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <p
        role="status"
        data-testid="chat-search-count"
        className="max-w-[45%] flex-none px-2 text-sm text-ink-2 narrow:px-1"
      >
        {counted(found)}
      </p>
      <BarButton
        icon="up"
        name={t`Older hit (Enter)`}
        testId="chat-search-next"
        disabled={none}
        onClick={() => step(1)}
      />
      <BarButton
        icon="down"
        name={t`Newer hit (Shift+Enter)`}
        testId="chat-search-previous"
        disabled={none}
        onClick={() => step(-1)}
      />
      <BarButton icon="close" name={t`Close (Esc)`} testId="chat-search-close" onClick={onClose} />
    </section>
  );
}

/** `3 of 27`, or why there is nothing to count. */
export function counted(found: Found): string {
  const { answer, error, active } = found;
  if (error !== null) return entryFor(error.code).headline;
  if (isEmpty(found.text)) return "";
  if (answer === null || !isCurrent(found)) return found.late ? t`Searching…` : "";
  const counted = place(answer, active);
  return answer.behind > 0 ? t`${counted}, still indexing` : counted;
}

function place({ next, about, more, hits }: Answer, active: number): string {
  if (hits.length === 0) return t`Nothing found`;
  const here = formatCount(active + 1);
  const total = formatCount(next === null ? hits.length : Math.max(about ?? 0, hits.length));
  if (next === null) return t`${here} of ${total}`;
  return more ? t`${here} of more than ${total}` : t`${here} of about ${total}`;
}

function BarButton({
  icon,
  name,
  testId,
  disabled = false,
  onClick,
}: {
  icon: IconName;
  name: string;
  testId: string;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      data-testid={testId}
      aria-label={name}
      title={name}
      disabled={disabled}
      className="grid size-8.5 flex-none place-items-center rounded-[9px] text-ink-2 hover:bg-sunken hover:text-ink disabled:opacity-40"
      onClick={onClick}
    >
      <Icon name={icon} className="size-4.5!" />
    </button>
  );
}

import { t } from "@lingui/core/macro";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { Icon } from "../parts/icon";
import { type Piece, pieces } from "./query";

/** Where one types. The keys stay here while they walk through the hits. */
export function SearchField({
  ref,
  text,
  activeId,
  expanded,
  onText,
  onMove,
  onPage,
  onOpen,
  onLeave,
}: {
  ref: Ref<HTMLInputElement | null>;
  text: string;
  /** The id of the element at which the keys stand. */
  activeId: string | undefined;
  expanded: boolean;
  onText: (text: string) => void;
  onMove: (step: number) => void;
  onPage: (way: 1 | -1) => void;
  onOpen: () => void;
  onLeave: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => input.current as HTMLInputElement);
  useEffect(() => input.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method is putting a character together its keys are its own.
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") onMove(1);
    else if (event.key === "ArrowUp") onMove(-1);
    else if (event.key === "PageDown") onPage(1);
    else if (event.key === "PageUp") onPage(-1);
    else if (event.key === "Enter") onOpen();
    else if (event.key === "Escape" && text !== "") onText("");
    else if (event.key === "Escape") onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="relative">
      <Icon
        name="search"
        className="pointer-events-none absolute top-1/2 start-3 size-4.5! -translate-y-1/2 text-ink-2"
      />
      <input
        ref={input}
        type="text"
        role="combobox"
        data-testid="search-field"
        data-pane-focus=""
        aria-label={t`Search all messages`}
        aria-expanded={expanded}
        aria-controls="names hits"
        aria-autocomplete="list"
        aria-activedescendant={activeId}
        placeholder={t`Search all messages`}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        // Filters are Latin: beside them a line that runs from right to left would be torn apart.
        dir={pieces(text).some(isFilter) ? "ltr" : "auto"}
        className="h-11.5 w-full rounded-[10px] border border-line-strong bg-surface pe-12 ps-9 text-lg placeholder:text-ink-2 focus-visible:border-accent focus-visible:shadow-[0_0_0_3px_var(--accent-soft)] focus-visible:outline-none"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text !== "" && (
        <button
          type="button"
          aria-label={t`Clear`}
          title={t`Clear (Esc)`}
          className="absolute top-1/2 end-2 grid size-8 -translate-y-1/2 place-items-center rounded-[8px] text-ink-2 hover:text-ink"
          onClick={() => {
            onText("");
            input.current?.focus();
          }}
        >
          <Icon name="close" className="size-4!" />
        </button>
      )}
    </div>
  );
}

function isFilter({ type }: Piece): boolean {
  return type === "filter" || type === "unfinished";
}

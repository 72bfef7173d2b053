import { t } from "@lingui/core/macro";
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { SearchHit } from "../bindings";
import { useNow } from "../parts/use-now";
import type { Answer, Finding } from "./finding";
import { HitRow } from "./hit-row";

/** Hits from the end at which the next page is asked for: before anyone can see that it is missing. */
const AHEAD = 25;

/** What stands between the card's edge and its first row. */
const PADDING = 13;

export type HitListHandle = {
  /** Brings a hit into view with as little movement as it takes. */
  show: (index: number) => void;
  /** So many fit on the screen. */
  page: () => number;
};

/** The hits, of which the few on the screen exist. The keys are the field's. */
export function HitList({
  finding,
  answer,
  active,
  top,
  scroller,
  handle,
  onOpen,
}: {
  finding: Finding;
  answer: Answer;
  active: number;
  /** What stands above in the scrolled pane, in pixels. */
  top: number;
  scroller: RefObject<HTMLDivElement | null>;
  handle: RefObject<HitListHandle | null>;
  onOpen: (hit: SearchHit) => void;
}) {
  const list = useRef<VirtualizerHandle>(null);
  const [start] = useState(finding.left.offset);
  const now = useNow();
  const { hits, next, about, more } = answer;

  useImperativeHandle(handle, () => ({
    show: (index) => list.current?.scrollToIndex(index, { align: "nearest" }),
    page: () => {
      const shown = list.current;
      if (shown === null) return 1;
      const height = shown.getItemSize(shown.findItemIndex(shown.scrollOffset)) || 66;
      return Math.max(1, Math.floor(shown.viewportSize / height) - 1);
    },
  }));

  const look = () => {
    const shown = list.current;
    if (shown === null) return;
    const last = shown.findItemIndex(shown.scrollOffset + shown.viewportSize);
    if (last >= hits.length - AHEAD) void finding.more();
  };

  // Who comes back stands where they left.
  useLayoutEffect(() => {
    if (start > 0) list.current?.scrollTo(start);
    else scroller.current?.scrollTo(0, 0);
    return () => {
      finding.left.cache = list.current?.cache;
    };
  }, [finding, start, scroller]);

  // A first page that does not fill the screen has to ask for more without being scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever hits came
  useEffect(look, [hits.length]);

  const cache = finding.left.cache;
  return (
    <div
      id="hits"
      role="listbox"
      aria-label={t`Hits`}
      data-testid="hits"
      className="rounded-[16px] border border-line bg-surface p-2"
    >
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        startMargin={top + PADDING}
        bufferSize={400}
        itemSize={66}
        keepMounted={hits[active] === undefined ? [] : [active]}
        data={hits}
        onScroll={(offset) => {
          finding.left.offset = offset;
          look();
        }}
        {...(cache !== undefined && { cache })}
      >
        {(hit, index) => (
          <HitRow
            key={hit.message_id}
            hit={hit}
            index={index}
            count={next === null ? hits.length : more || about === null ? -1 : about}
            active={index === active}
            now={now}
            onOpen={onOpen}
          />
        )}
      </Virtualizer>
    </div>
  );
}

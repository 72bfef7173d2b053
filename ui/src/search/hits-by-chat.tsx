import { plural, t } from "@lingui/core/macro";
import { type RefObject, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { SearchHit } from "../bindings";
import { Avatar } from "../parts/avatar";
import { useNow } from "../parts/use-now";
import type { ChatGroup, Finding } from "./finding";
import type { HitListHandle } from "./hit-list";
import { HitRow } from "./hit-row";

/** Each chat with how many hits it has and the newest of them; the keys walk through the hits of all. */
export function HitsByChat({
  finding,
  groups,
  active,
  top,
  scroller,
  handle,
  onOpen,
  onAll,
}: {
  finding: Finding;
  groups: readonly ChatGroup[];
  active: number;
  /** What stands above in the scrolled pane, in pixels. */
  top: number;
  scroller: RefObject<HTMLDivElement | null>;
  handle: RefObject<HitListHandle | null>;
  onOpen: (hit: SearchHit) => void;
  onAll: (group: ChatGroup) => void;
}) {
  const list = useRef<VirtualizerHandle>(null);
  const [start] = useState(finding.left.offset);
  const now = useNow();
  const count = groups.reduce((sum, group) => sum + group.hits.length, 0);
  const holding = (index: number) =>
    groups.findIndex(({ from, hits }) => index >= from && index < from + hits.length);

  useImperativeHandle(handle, () => ({
    show: (index) => list.current?.scrollToIndex(holding(index), { align: "nearest" }),
    page: () => 3,
  }));

  // Who comes back stands where they left.
  useLayoutEffect(() => {
    if (start > 0) list.current?.scrollTo(start);
    else scroller.current?.scrollTo(0, 0);
    return () => {
      finding.left.cache = list.current?.cache;
    };
  }, [finding, start, scroller]);

  const cache = finding.left.cache;
  const kept = holding(active);
  return (
    <section id="hits" aria-label={t`Hits by chat`} data-testid="hits">
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        startMargin={top}
        bufferSize={400}
        itemSize={270}
        keepMounted={kept === -1 ? [] : [kept]}
        data={groups}
        onScroll={(offset) => {
          finding.left.offset = offset;
        }}
        {...(cache !== undefined && { cache })}
      >
        {(group) => (
          <div
            key={group.chat.id}
            data-testid="hit-group"
            className="mb-3 rounded-[16px] border border-line bg-surface p-2"
          >
            <p className="flex items-center gap-3 px-3.5 pt-1.5 pb-1 narrow:px-2.5">
              <span className="grid w-9 flex-none place-items-center">
                <Avatar name={group.chat.name} seed={group.chat.jid} size={28} />
              </span>
              <bdi className="min-w-0 flex-1 truncate font-semibold">{group.chat.name}</bdi>
              <span className="flex-none text-sm text-ink-2">
                {plural(group.count, { one: "# message", other: "# messages" })}
              </span>
            </p>
            <div role="listbox" aria-label={group.chat.name}>
              {group.hits.map((hit, place) => (
                <HitRow
                  key={hit.message_id}
                  hit={hit}
                  index={group.from + place}
                  count={count}
                  active={group.from + place === active}
                  now={now}
                  inGroup
                  onOpen={onOpen}
                />
              ))}
            </div>
            {group.count > group.hits.length && (
              <button
                type="button"
                data-testid="hit-group-all"
                className="link mx-3.5 my-1.5 text-sm narrow:mx-2.5"
                onClick={() => onAll(group)}
              >
                {plural(group.count, { one: "Show it in this chat", other: "Show all # in this chat" })}
              </button>
            )}
          </div>
        )}
      </Virtualizer>
    </section>
  );
}

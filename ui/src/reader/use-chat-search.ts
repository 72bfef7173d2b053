// Searching in one chat: the hits, the newest first, one of which one stands at. One begins where one reads.
import { useCallback, useEffect, useRef, useState } from "react";
import { type Jump, jumpTo } from "../app/jump";
import type { Excerpt } from "../bindings";
import { type Finding, type Found, isCurrent, makeFinding, PAGE } from "../search/finding";
import { useFound } from "../search/use-finding";

/** Who still types is not jumped about with. */
const STILL = 250;

/** While the index is behind, how often is looked again. */
const AGAIN = 1_000;

/** So many hits before the last that is here the next ones are asked for. */
const AHEAD = 10;

export type ChatSearch = {
  finding: Finding;
  found: Found;
  /** To the next hit, which is older, or back to a newer one. */
  step: (by: 1 | -1) => void;
};

/** Further back than so many hits one does not begin: what one reads and what one looks for have nothing in common. */
const REACH = 500;

/** `viewAt` says when what is in view was sent; nothing at the chat's end. */
export function useChatSearch(
  chatId: string,
  onJump: (jump: Jump) => void,
  viewAt: () => number | null = () => null,
): ChatSearch {
  const [finding] = useState(() => makeFinding(chatId));
  const found = useFound(finding);
  /** Where one was led last, and for which words. */
  const led = useRef({ text: "", id: "" });
  const jump = useRef(onJump);
  jump.current = onJump;
  const view = useRef(viewAt);
  view.current = viewAt;

  const lead = useCallback(
    (index: number) => {
      finding.setActive(index);
      const { answer, active } = finding.read();
      const hit = answer?.hits[active];
      if (answer === null || hit === undefined) return;
      led.current = { text: answer.text, id: hit.message_id };
      jump.current(jumpTo(hit, false));
      if (active >= answer.hits.length - AHEAD) void finding.more();
    },
    [finding],
  );

  /** To the first hit: the one in view, else the next that is older, else the oldest. */
  const begin = useCallback(async () => {
    const { answer } = finding.read();
    if (answer === null || answer.hits.length === 0) return;
    const { text } = answer;
    led.current = { text, id: "" };
    const at = view.current();
    for (;;) {
      const now = finding.read().answer;
      // Another word by now, which begins by itself, or Enter was faster.
      if (now === null || now.text !== text || led.current.id !== "" || led.current.text !== text) return;
      const index = at === null ? 0 : now.hits.findIndex((hit) => hit.at <= at);
      if (index !== -1) return lead(index);
      const before = now.hits.length;
      if (now.next === null) return lead(before - 1);
      if (before >= REACH) return lead(0);
      await finding.more();
      if (finding.read().answer?.hits.length === before) return lead(before - 1);
    }
  }, [finding, lead]);

  const { answer } = found;
  const text = answer !== null && answer.hits.length > 0 && isCurrent(found) ? answer.text : null;
  useEffect(() => {
    if (text === null || text === led.current.text) return;
    const timer = setTimeout(() => {
      // Unless Enter was faster.
      if (text !== led.current.text) void begin();
    }, STILL);
    return () => clearTimeout(timer);
  }, [text, begin]);

  // What the index has not seen is found when it has. Who has gone far among the hits keeps them as they are.
  useEffect(() => {
    if (answer === null || answer.behind === 0 || answer.hits.length > PAGE) return;
    const timer = setTimeout(() => void finding.again(), AGAIN);
    return () => clearTimeout(timer);
  }, [answer, finding]);

  const step = useCallback(
    async (by: 1 | -1) => {
      const { answer, active } = finding.read();
      if (answer === null || answer.hits.length === 0 || !isCurrent(finding.read())) return;
      // Faster than the jump by itself: this one first.
      if (led.current.text !== answer.text) return begin();
      if (active + by >= answer.hits.length) await finding.more();
      const now = finding.read().answer;
      if (now === null) return;
      const last = now.hits.length - 1;
      const wanted = active + by;
      lead(wanted > last ? 0 : wanted < 0 ? last : wanted);
    },
    [finding, lead, begin],
  );

  return { finding, found, step: (by) => void step(by) };
}

/** What was looked for, by message. */
export function excerpts({ answer }: Found): ReadonlyMap<string, Excerpt> {
  return new Map(answer?.hits.map((hit) => [hit.message_id, hit.text]));
}

// Searching in one chat: the hits, the newest first, one of which one stands at.
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

export function useChatSearch(chatId: string, onJump: (jump: Jump) => void): ChatSearch {
  const [finding] = useState(() => makeFinding(chatId));
  const found = useFound(finding);
  /** Where one was led last, and for which words. */
  const led = useRef({ text: "", id: "" });
  const jump = useRef(onJump);
  jump.current = onJump;

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

  const { answer } = found;
  const text = answer !== null && answer.hits.length > 0 && isCurrent(found) ? answer.text : null;
  useEffect(() => {
    if (text === null || text === led.current.text) return;
    const timer = setTimeout(() => {
      // Unless Enter was faster.
      if (text !== led.current.text) lead(0);
    }, STILL);
    return () => clearTimeout(timer);
  }, [text, lead]);

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
      if (led.current.text !== answer.text) return lead(0);
      if (active + by >= answer.hits.length) await finding.more();
      const now = finding.read().answer;
      if (now === null) return;
      const last = now.hits.length - 1;
      const wanted = active + by;
      lead(wanted > last ? 0 : wanted < 0 ? last : wanted);
    },
    [finding, lead],
  );

  return { finding, found, step: (by) => void step(by) };
}

/** What was looked for, by message. */
export function excerpts({ answer }: Found): ReadonlyMap<string, Excerpt> {
  return new Map(answer?.hits.map((hit) => [hit.message_id, hit.text]));
}

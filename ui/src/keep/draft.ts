// A choice of what is kept, as a person changes it before it is applied. A chat goes by what is chosen for
// all chats until it has a rule of its own.
import type { KeepRule, SelectionAsked, SelectionView } from "../bindings";

export type Own = { title: string; rule: KeepRule };

export type Draft = {
  /** All chats, or only those that were chosen one by one. */
  which: "all" | "chosen";
  /** How far back and with what, for all chats; and where only some are chosen, for the next one. */
  base: { since: number | null; media: boolean };
  /** Chats with a rule of their own. */
  own: ReadonlyMap<string, Own>;
};

export const NOTHING: KeepRule = { included: false, since: null, media: false };

export function toDraft(view: SelectionView): Draft {
  const own = new Map(view.chats.map(({ chat_id, title, rule }) => [chat_id, { title, rule }]));
  if (view.rule.included) {
    const { since, media } = view.rule;
    return { which: "all", base: { since, media }, own };
  }
  return { which: "chosen", base: mostOften(view.chats.map((chat) => chat.rule)), own };
}

/** What is asked of the core: only what differs from the rule for all. */
export function toAsked(draft: Draft): SelectionAsked {
  const rule = ruleForAll(draft);
  const chats = [...draft.own]
    .filter(([, own]) => !sameRule(own.rule, rule))
    .map(([chat_id, own]) => ({ chat_id, rule: plain(own.rule) }));
  return { rule, chats };
}

/** Whether both ask for the same, whatever the order of their chats. */
export function sameAsked(a: SelectionAsked, b: SelectionAsked): boolean {
  if (!sameRule(a.rule, b.rule) || a.chats.length !== b.chats.length) return false;
  const rules = new Map(b.chats.map(({ chat_id, rule }) => [chat_id, rule]));
  return a.chats.every(({ chat_id, rule }) => {
    const other = rules.get(chat_id);
    return other !== undefined && sameRule(rule, other);
  });
}

/** What holds for one chat. */
export function ruleOf(draft: Draft, chatId: string): KeepRule {
  return draft.own.get(chatId)?.rule ?? ruleForAll(draft);
}

/** Whether something else holds for a chat than for those that have no rule of their own. */
export function isOwn(draft: Draft, chatId: string): boolean {
  return !sameRule(ruleOf(draft, chatId), ruleForAll(draft));
}

/** Whether a chat is kept just as far back, and with as much, as is chosen for all. */
export function goesAlong(draft: Draft, chatId: string): boolean {
  return sameRule(ruleOf(draft, chatId), { included: true, ...draft.base });
}

export function withWhich(draft: Draft, which: Draft["which"]): Draft {
  return { ...draft, which };
}

/** Chats that went along with what was chosen for all go along with what is chosen now. */
export function withBase(draft: Draft, change: Partial<Draft["base"]>): Draft {
  const base = { ...draft.base, ...change };
  const own = new Map(
    [...draft.own].map(([id, { title, rule }]) => [
      id,
      { title, rule: goesAlong(draft, id) ? { included: true, ...base } : rule },
    ]),
  );
  return { ...draft, base, own };
}

/** A chat with a rule, of its own or as all have it. */
export function withChat(draft: Draft, chatId: string, title: string, rule: KeepRule): Draft {
  const own = new Map(draft.own);
  if (sameRule(rule, ruleForAll(draft))) own.delete(chatId);
  else own.set(chatId, { title, rule: plain(rule) });
  return { ...draft, own };
}

function ruleForAll(draft: Draft): KeepRule {
  return draft.which === "all" ? { included: true, ...draft.base } : NOTHING;
}

export function sameRule(a: KeepRule, b: KeepRule): boolean {
  const [one, other] = [plain(a), plain(b)];
  return one.included === other.included && one.since === other.since && one.media === other.media;
}

/** What keeps nothing says so in one way only. */
function plain(rule: KeepRule): KeepRule {
  return rule.included ? rule : NOTHING;
}

function mostOften(rules: readonly KeepRule[]): Draft["base"] {
  const counts = new Map<string, { times: number; base: Draft["base"] }>();
  for (const { included, since, media } of rules) {
    if (!included) continue;
    const known = counts.get(`${since} ${media}`);
    if (known === undefined) counts.set(`${since} ${media}`, { times: 1, base: { since, media } });
    else known.times += 1;
  }
  const [first] = [...counts.values()].sort((a, b) => b.times - a.times);
  return first?.base ?? { since: null, media: true };
}

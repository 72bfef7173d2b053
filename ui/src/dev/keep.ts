// What is kept of an account, and what another choice would free. `?keep=chosen` begins with a narrow choice,
// `?keep=pending` with one that is not all here yet, `?keep=refused` with a server that knows no choices.
import type { Chat, Freed, KeepRule, SelectionAsked, SelectionView } from "../bindings";
import type { Archive } from "./archive";
import { wait } from "./wait";

const ALL: KeepRule = { included: true, since: null, media: true };
const NONE: KeepRule = { included: false, since: null, media: false };

export function keeping(query: URLSearchParams, archive: Archive, say: () => Promise<void>) {
  const begin = query.get("keep");
  const titleOf = (id: string) => archive.chats.find((chat) => chat.id === id)?.name ?? "";
  let kept: Omit<SelectionView, "account_id"> = { rule: ALL, chats: [], pending: begin === "pending" };
  if (begin === "chosen") {
    const chosen = archive.chats.slice(0, 3).map(({ id, name }) => ({ chat_id: id, title: name, rule: ALL }));
    kept = { rule: NONE, chats: chosen, pending: false };
  }

  const plan = (asked: SelectionAsked) => {
    const frees: Freed = { chats: 0, messages: 0, media: 0, bytes: 0 };
    let fetches = false;
    const own = (rules: { chat_id: string; rule: KeepRule }[], rule: KeepRule, chat: Chat) =>
      rules.find((each) => each.chat_id === chat.id)?.rule ?? rule;
    for (const chat of archive.chats) {
      const [before, after] = [own(kept.chats, kept.rule, chat), own(asked.chats, asked.rule, chat)];
      const here = (rule: KeepRule) =>
        (archive.messages.get(chat.id) ?? []).filter((each) => rule.included && each.at >= (rule.since ?? 0));
      const left = new Set(here(after));
      const gone = here(before).filter((each) => !left.has(each)).length;
      const media = before.media && !after.media ? Math.ceil(here(before).length / 8) : 0;
      fetches ||= here(after).length > here(before).length || (after.media && !before.media);
      if (gone + media > 0) frees.chats += 1;
      frees.messages += gone;
      frees.media += media;
      frees.bytes += gone * 420 + media * 9_000;
    }
    return { frees, fetches };
  };

  return {
    selection_get: ({ accountId }: Record<string, unknown>): SelectionView => {
      if (begin === "refused") throw { code: "mirror_locked", message: "another program holds the files" };
      return { account_id: String(accountId), ...kept };
    },
    selection_plan: async ({ asked }: Record<string, unknown>) => {
      await wait(200);
      return plan(asked as SelectionAsked);
    },
    selection_set: async ({ accountId, asked, mayFree }: Record<string, unknown>): Promise<SelectionView> => {
      const wanted = asked as SelectionAsked;
      const { frees, fetches } = plan(wanted);
      if (frees.messages + frees.media > 0 && mayFree !== true) {
        throw { code: "would_free", message: "this would free messages; say that it may" };
      }
      await wait(400);
      const chats = wanted.chats.map(({ chat_id, rule }) => ({ chat_id, title: titleOf(chat_id), rule }));
      kept = { rule: wanted.rule, chats, pending: fetches };
      if (fetches) setTimeout(() => (kept = { ...kept, pending: false }), 4_000);
      await say();
      return { account_id: String(accountId), ...kept };
    },
  };
}

import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { entryFor, sentence } from "../app/errors";
import { formatDate } from "../app/format";
import { type Chat, commands, type KeepRule, type SelectionAsked, type SelectionView } from "../bindings";
import { CoreWords } from "../parts/core-words";
import { selectionQuery } from "./queries";

/** What is kept of a chat, where that is not all of it. */
export function useKeptPart(chat: Chat): KeepRule | null {
  const kept = useQuery(selectionQuery(chat.account_id));
  const rule = kept.data === undefined ? undefined : ruleFor(kept.data, chat.id);
  return rule === undefined || (rule.included && rule.since === null) ? null : rule;
}

/** Where the part of a chat begins that is kept here, and how to have the rest of it. */
export function KeptNote({ chat, rule }: { chat: Chat; rule: KeepRule }) {
  const client = useQueryClient();
  const { data: kept } = useQuery(selectionQuery(chat.account_id));
  const widen = useMutation({
    mutationFn: (asked: SelectionAsked) => call(commands.selectionSet(chat.account_id, asked, false)),
    onSuccess: (now) => client.setQueryData(selectionQuery(chat.account_id).queryKey, now),
  });
  const fault = widen.error === null ? null : toAppError(widen.error);
  return (
    <>
      <p role="status" data-testid="kept-part">
        {fault !== null ? (
          <>
            {sentence(entryFor(fault.code).headline)} <CoreWords message={fault.message} />
          </>
        ) : rule.included && rule.since !== null ? (
          t`Kept here from ${formatDate(rule.since)} on. Anything older is on the server.`
        ) : (
          t`This chat is not kept here. It is on the server.`
        )}
      </p>
      <button
        type="button"
        data-testid="keep-whole"
        className="btn small"
        disabled={kept === undefined || widen.isPending}
        onClick={() => kept !== undefined && widen.mutate(withWhole(kept, chat.id))}
      >
        {rule.included ? t`Keep all of it here` : t`Keep it here`}
      </button>
    </>
  );
}

function ruleFor(kept: SelectionView, chatId: string): KeepRule {
  return kept.chats.find((each) => each.chat_id === chatId)?.rule ?? kept.rule;
}

/** The same choice, but for one chat from its beginning on. */
export function withWhole(kept: SelectionView, chatId: string): SelectionAsked {
  const rule = ruleFor(kept, chatId);
  // What keeps nothing says nothing about media.
  const media = rule.included ? rule.media : kept.rule.media || !kept.rule.included;
  const others = kept.chats
    .filter((each) => each.chat_id !== chatId)
    .map(({ chat_id, rule: own }) => ({ chat_id, rule: own }));
  return {
    rule: kept.rule,
    chats: [...others, { chat_id: chatId, rule: { included: true, since: null, media } }],
  };
}

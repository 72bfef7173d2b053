// What a few letters may mean: chats, people, messages, in one list that the keys walk through.
import { t } from "@lingui/core/macro";
import { queryOptions } from "@tanstack/react-query";
import { type AppError, call, toAppError } from "../app/call";
import {
  type Chat,
  commands,
  type Person,
  type QuickFound,
  type SearchHit,
  type SearchPage,
} from "../bindings";
import { isEmpty } from "./query";

/** Another field's question has taken this one's place; it is asked again in a moment. */
const AGAIN = 60;

/** From so many letters on messages are worth showing; a sign of a script without spaces is a word already. */
const LETTERS = 3;

const NONE: SearchPage = { hits: [], about: null, more: false, behind: 0, next: null, unknown: [] };

/** What was found, and why no messages are among it where they could not be looked for. */
export type Quick = QuickFound & { fault: AppError | null };

export const quickQuery = (text: string) =>
  queryOptions({
    queryKey: ["quick", text],
    queryFn: async ({ signal }): Promise<Quick> => {
      for (;;) {
        try {
          return { ...(await call(commands.searchQuick(text))), fault: null };
        } catch (reason) {
          const fault = toAppError(reason);
          if (signal.aborted) throw fault;
          // Names need no index: what it is that fails, chats are found.
          if (fault.code !== "search_superseded") {
            return { ...(await call(commands.searchNames(text))), messages: NONE, fault };
          }
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    },
    enabled: !isEmpty(text),
    staleTime: 0,
    gcTime: 0,
  });

export type Choice =
  | { type: "chat"; key: string; chat: Chat }
  | { type: "person"; key: string; person: Person }
  | { type: "message"; key: string; hit: SearchHit }
  | { type: "search"; key: string; text: string };

export type Group = { name: string; choices: Choice[] };

/** The latest chats, before anything was typed. */
export function latest(chats: readonly Chat[]): Group[] {
  return groups([{ name: t`Latest chats`, choices: chats.slice(0, 8).map(chatChoice) }]);
}

/** What was found, the likeliest first; last of all, to look for it in everything. */
export function found(text: string, { chats, people, messages }: QuickFound): Group[] {
  const listed = new Set(chats.map((chat) => chat.id));
  const others = people.filter((person) => person.chat_id === null || !listed.has(person.chat_id));
  return groups([
    { name: t`Chats`, choices: chats.map(chatChoice) },
    {
      name: t`People`,
      choices: others.map((person) => ({
        type: "person",
        key: `person-${person.account_id}-${person.jid}`,
        person,
      })),
    },
    {
      name: t`Messages`,
      choices: isLongEnough(text)
        ? messages.hits.map((hit) => ({ type: "message", key: `message-${hit.message_id}`, hit }))
        : [],
    },
    { name: t`Everywhere`, choices: [{ type: "search", key: "search", text }] },
  ]);
}

export function isLongEnough(text: string): boolean {
  const letters = [...text.matchAll(/[\p{L}\p{N}\p{S}]/gu)].length;
  return (
    letters >= LETTERS ||
    /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic}/u.test(
      text,
    )
  );
}

function chatChoice(chat: Chat): Choice {
  return { type: "chat", key: `chat-${chat.id}`, chat };
}

function groups(all: Group[]): Group[] {
  return all.filter((group) => group.choices.length > 0);
}

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../app/call";
import { commands, type SelectionAsked } from "../bindings";

const CHATS_IN_A_PAGE = 500;

/** How often a choice that is not wholly applied is asked about. */
const ASK_AGAIN = 1_000;

export const selectionQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["selection", accountId],
    queryFn: () => call(commands.selectionGet(accountId)),
    refetchInterval: (query) => (query.state.data?.pending ? ASK_AGAIN : false),
  });

/** What a choice would do. It counts what is here, so it is asked anew each time. */
export const planQuery = (accountId: string, asked: SelectionAsked) =>
  queryOptions({
    queryKey: ["selection", accountId, "plan", asked],
    queryFn: () => call(commands.selectionPlan(accountId, asked)),
    staleTime: 0,
    gcTime: 0,
  });

/** All chats of an account, archived or not; those of which nothing is kept are still listed by the server. */
export const choosableQuery = (accountId: string, text: string) =>
  infiniteQueryOptions({
    queryKey: ["selection", accountId, "chats", text],
    queryFn: ({ pageParam }) =>
      call(
        commands.chatList({
          filter: "all",
          text: text === "" ? null : text,
          account_id: accountId,
          after: pageParam,
          limit: CHATS_IN_A_PAGE,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    staleTime: 0,
  });

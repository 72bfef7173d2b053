// What is asked of people. All of it goes stale together: a name may change everywhere at once.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../app/call";
import { commands } from "../bindings";

/** People in one page: more than any screen shows, little enough to arrive at once. */
const PEOPLE_IN_A_PAGE = 200;

export type ContactListKey = { text: string; accountId: string | null };

export const contactsQuery = ({ text, accountId }: ContactListKey) =>
  infiniteQueryOptions({
    queryKey: ["contacts", "list", text, accountId],
    queryFn: ({ pageParam }) =>
      call(
        commands.contactList({
          text: text === "" ? null : text,
          account_id: accountId,
          after: pageParam,
          limit: PEOPLE_IN_A_PAGE,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "one", id],
    queryFn: () => call(commands.contactGet(id)),
  });

/** Counted in the search index, so it is asked apart from what is there at once. */
export const writtenQuery = (id: string) =>
  queryOptions({
    queryKey: ["contacts", "written", id],
    queryFn: () => call(commands.contactWritten(id)),
  });

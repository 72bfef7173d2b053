// What the page asks of the core beside the files that are looked at.
import { queryOptions } from "@tanstack/react-query";
import { call } from "../app/call";
import { commands } from "../bindings";

/** The imports of an account. Its server is asked, so the page asks, and nothing else. */
export const importsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["imports", accountId],
    queryFn: () => call(commands.importList(accountId)),
  });

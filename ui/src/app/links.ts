// How the ways to the servers stand: told by the core as it changes, kept where the accounts are.
import type { QueryClient } from "@tanstack/react-query";
import { type AppState, events, type LinkChanged } from "../bindings";
import { appStateQuery } from "./queries";

/** The state of the app with another link of one account; the same where nothing is another. */
export function withLink(app: AppState | undefined, { account_id, link }: LinkChanged): AppState | undefined {
  if (app === undefined) return undefined;
  return {
    ...app,
    accounts: app.accounts.map((account) => (account.id === account_id ? { ...account, link } : account)),
  };
}

/** Keeps the accounts' links true for as long as the window lives. */
export function followLinks(client: QueryClient): () => void {
  const listening = events.linkChanged.listen(({ payload }) => {
    client.setQueryData(appStateQuery.queryKey, (app) => withLink(app, payload));
    // An answer that is on its way may be older than this word.
    void client.invalidateQueries({ queryKey: appStateQuery.queryKey });
  });
  listening
    // What changed before anybody listened was told to nobody.
    .then(() => client.invalidateQueries({ queryKey: appStateQuery.queryKey }))
    .catch(() => {});
  return () => void listening.then((unlisten) => unlisten()).catch(() => {});
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { toAppError } from "../app/call";
import { ListEdge } from "../app/columns";
import { formatCount } from "../app/format";
import { appStateQuery, statsQuery } from "../app/queries";
import { ListSkeleton } from "../conversations/empty-list";
import { accountName } from "../parts/account-names";
import { ErrorNote } from "../parts/error-note";
import { NameFilter } from "../parts/name-filter";
import { ContactList } from "./contact-list";
import { contactsQuery } from "./queries";

/** The column with the people, and what to show of them above. */
export function ContactColumn({ openId }: { openId: string | undefined }) {
  const [text, setText] = useState("");
  const [accountId, setAccountId] = useState<string | null>(null);
  const asked = useDeferredValue(text.trim());
  const list = useInfiniteQuery(contactsQuery({ text: asked, accountId }));
  const accounts = useQuery(appStateQuery).data?.accounts ?? [];
  const all = useQuery(statsQuery).data?.contacts;
  const people = useMemo(() => list.data?.pages.flatMap((page) => page.people) ?? [], [list.data]);
  const isWhole = asked === "" && accountId === null;
  // The server counts those who were merged, too: of a list that is all here the list says how many.
  const count = list.hasNextPage ? (isWhole ? all : undefined) : people.length;
  const clear = () => {
    setText("");
    setAccountId(null);
  };

  return (
    <section
      aria-label={t`Contacts`}
      className="relative flex h-full min-h-0 flex-col border-e border-line bg-surface narrow:border-e-0"
    >
      <header className="flex items-baseline justify-between px-4 pt-4 pb-2.5">
        <h1>
          <Trans>Contacts</Trans>
        </h1>
        <span className="text-sm text-ink-2" data-testid="contact-count">
          {count !== undefined && list.data !== undefined ? formatCount(count) : ""}
        </span>
      </header>
      <NameFilter
        value={text}
        name={t`Filter contacts by name or number`}
        placeholder={t`Name or number`}
        testId="contact-filter"
        listId="contact-list"
        onChange={setText}
      />
      {accounts.length > 1 && (
        <select
          aria-label={t`Of which account`}
          data-testid="contact-account"
          className="select mx-3 mb-2 border-line!"
          value={accountId ?? ""}
          onChange={(event) => setAccountId(event.target.value === "" ? null : event.target.value)}
        >
          <option value="">{t`All accounts`}</option>
          {accounts.map((account) => (
            <option key={account.id} value={account.id}>
              {accountName(account)}
            </option>
          ))}
        </select>
      )}
      {list.isError && (
        <div className="px-3 pb-2">
          <ErrorNote fault={toAppError(list.error)} onRetry={() => void list.refetch()} />
        </div>
      )}
      <div className="min-h-0 flex-1">
        {list.data === undefined ? (
          !list.isError && <ListSkeleton />
        ) : people.length === 0 ? (
          <Nobody text={asked} onClear={isWhole ? undefined : clear} />
        ) : (
          <ContactList
            key={`${accountId} ${asked}`}
            people={people}
            openId={openId}
            onEnd={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
            }}
          />
        )}
      </div>
      <ListEdge />
    </section>
  );
}

function Nobody({ text, onClear }: { text: string; onClear: (() => void) | undefined }) {
  return (
    <div className="px-6 py-10 text-center text-sm text-ink-2" data-testid="contacts-none">
      {onClear === undefined ? (
        <>
          <p className="mb-1 text-md font-semibold text-ink">
            <Trans>No contacts yet</Trans>
          </p>
          <p className="mb-3">
            <Trans>People come with the chats. Syncing brings what the server has.</Trans>
          </p>
          <Link to="/sync" className="btn">
            <Trans>Go to Sync</Trans>
          </Link>
        </>
      ) : (
        <>
          <p className="mb-3 wrap-anywhere">
            {text === "" ? (
              <Trans>This account has no contacts.</Trans>
            ) : (
              <Trans>
                Nobody is called “<bdi>{text}</bdi>”.
              </Trans>
            )}
          </p>
          <button type="button" className="btn small" onClick={onClear}>
            <Trans>Show all contacts</Trans>
          </button>
        </>
      )}
    </div>
  );
}

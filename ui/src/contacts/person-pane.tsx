import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { toAppError } from "../app/call";
import { appStateQuery } from "../app/queries";
import type { Contact } from "../bindings";
import { accountName } from "../parts/account-names";
import { Avatar } from "../parts/avatar";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { everywhere } from "../search/finding";
import { withFilter } from "../search/query";
import { PersonFacts } from "./person-facts";
import { formatPhone } from "./phone";
import { contactQuery } from "./queries";

/** One person: who they are, what they write from, what is shared with them. */
export function PersonPane() {
  const { personId } = useParams({ from: "/contacts/$personId" });
  const contact = useQuery(contactQuery(personId));
  return (
    <main className="h-full overflow-y-auto bg-bg" data-testid="person">
      <Link
        to="/contacts"
        aria-label={t`Back to the contacts`}
        className="m-2 hidden size-10 place-items-center rounded-[10px] text-ink-2 hover:text-ink narrow:grid"
      >
        <Icon name="back" />
      </Link>
      {contact.data !== undefined ? (
        <Person contact={contact.data} />
      ) : (
        contact.isError && (
          <div className="p-6">
            <ErrorNote fault={toAppError(contact.error)} onRetry={() => void contact.refetch()} />
          </div>
        )
      )}
    </main>
  );
}

function Person({ contact }: { contact: Contact }) {
  const { person, chat } = contact;
  const accounts = useQuery(appStateQuery).data?.accounts ?? [];
  const account = accounts.find((each) => each.id === person.account_id);
  return (
    <div className="mx-auto max-w-[620px] px-8 pt-9 pb-8 max-[900px]:px-5 narrow:px-4 narrow:pt-0">
      <header className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-3">
        <Avatar name={person.name} seed={person.jid} size={72} />
        <div className="min-w-0 flex-1">
          <h1 className="wrap-anywhere">
            <bdi>{person.name === person.phone ? formatPhone(person.name) : person.name}</bdi>
          </h1>
          <p className="text-sm text-ink-2">
            {person.phone !== null && person.phone !== person.name && (
              <bdi dir="ltr">{formatPhone(person.phone)}</bdi>
            )}
            {accounts.length > 1 && account !== undefined && (
              <>
                {person.phone !== null && person.phone !== person.name && " · "}
                <bdi>{accountName(account)}</bdi>
              </>
            )}
          </p>
          <Marks contact={contact} />
        </div>
      </header>
      <div className="mb-5 flex flex-wrap gap-2">
        {chat !== null && (
          <Link
            to="/chats/$chatId"
            params={{ chatId: chat.id }}
            state={{ takesFocus: true }}
            data-testid="person-chat"
            className="btn primary"
          >
            <Trans>Open the chat</Trans>
          </Link>
        )}
        <TheirMessages from={contact.from} />
      </div>
      <div className="card py-0!">
        <PersonFacts contact={contact} />
      </div>
    </div>
  );
}

function TheirMessages({ from }: { from: string }) {
  const navigate = useNavigate();
  return (
    <button
      type="button"
      data-testid="person-messages"
      className="btn"
      onClick={() => {
        everywhere.setText(withFilter("", "from", from));
        void navigate({ to: "/search" });
      }}
    >
      <Icon name="search" className="size-4!" />
      <Trans>Find what they wrote</Trans>
    </button>
  );
}

function Marks({ contact }: { contact: Contact }) {
  const marks = [
    contact.business ? t`Business` : "",
    contact.favorite ? t`Favourite` : "",
    contact.blocked ? t`Blocked` : "",
  ].filter((mark) => mark !== "");
  if (marks.length === 0) return null;
  return (
    <p className="mt-1.5 flex flex-wrap gap-1.5">
      {marks.map((mark) => (
        <span key={mark} className="rounded-full bg-sunken px-2 py-0.5 text-xs text-ink-2">
          {mark}
        </span>
      ))}
    </p>
  );
}

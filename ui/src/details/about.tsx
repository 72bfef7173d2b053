import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { toAppError } from "../app/call";
import { formatCount, formatDate, formatMoment } from "../app/format";
import { appStateQuery } from "../app/queries";
import type { Chat, ChatDetails, ChatKind } from "../bindings";
import { Fact, PersonFacts, Section } from "../contacts/person-facts";
import { contactQuery } from "../contacts/queries";
import { useKeptPart } from "../keep/kept-note";
import { accountName } from "../parts/account-names";
import { Avatar } from "../parts/avatar";
import { ErrorNote } from "../parts/error-note";
import { Members } from "./members";
import { detailsQuery } from "./queries";

const KINDS: Readonly<Record<ChatKind, MessageDescriptor>> = {
  direct: msg`Chat with one person`,
  group: msg`Group`,
  broadcast: msg`Broadcast list`,
  channel: msg`Channel`,
};

/** Who and what a chat is. */
export function About({ chat }: { chat: Chat }) {
  const details = useQuery(detailsQuery(chat.id));
  if (details.data === undefined) {
    if (!details.isError) return null;
    return (
      <div className="p-4">
        <ErrorNote fault={toAppError(details.error)} onRetry={() => void details.refetch()} />
      </div>
    );
  }
  const { members, person_id } = details.data;
  const top = (
    <>
      <header className="flex flex-col items-center gap-2.5 px-5 pt-6 pb-4 text-center">
        <Avatar name={chat.name} seed={chat.jid} size={76} />
        <p className="max-w-full text-lg leading-snug font-semibold wrap-anywhere">
          <bdi>{chat.name}</bdi>
        </p>
        <p className="text-sm text-ink-2">{i18n._(KINDS[chat.kind])}</p>
      </header>
      <div className="px-5">
        <Held details={details.data} />
        {person_id !== null && <Person id={person_id} />}
      </div>
    </>
  );
  return members.length === 0 ? (
    <div className="h-full overflow-y-auto" data-testid="details-scroller">
      {top}
    </div>
  ) : (
    <Members members={members} top={top} />
  );
}

/** What it says of itself, since when, and how much of it is here. */
function Held({ details }: { details: ChatDetails }) {
  const { chat, description, created_at, first_at, on_server } = details;
  const accounts = useQuery(appStateQuery).data?.accounts ?? [];
  const account = accounts.find((each) => each.id === chat.account_id);
  const part = useKeptPart(chat);
  return (
    <>
      {description !== "" && (
        <Section title={t`Description`}>
          <p dir="auto" className="whitespace-pre-wrap wrap-anywhere" data-testid="details-description">
            {description}
          </p>
        </Section>
      )}
      <Section title={t`On this computer`}>
        <dl className="facts">
          <Fact name={t`Messages`}>{formatCount(chat.messages)}</Fact>
          {on_server !== null && on_server !== chat.messages && (
            <Fact name={t`On the server`}>{formatCount(on_server)}</Fact>
          )}
          {created_at !== null && <Day name={t`Created`} at={created_at} />}
          {first_at !== null && <Day name={t`Oldest message here`} at={first_at} />}
          {chat.last_message_at !== null && <Day name={t`Last message`} at={chat.last_message_at} />}
          {accounts.length > 1 && account !== undefined && (
            <Fact name={t`Account`}>{accountName(account)}</Fact>
          )}
          {chat.gaps.length > 0 && (
            <Fact name={t`Gaps`}>
              {plural(chat.gaps.length, {
                one: "In # place messages may be missing",
                other: "In # places messages may be missing",
              })}
            </Fact>
          )}
        </dl>
        <p className="mt-2 text-sm text-ink-2">
          {part === null ? (
            <Trans>All that the server has of it is kept here.</Trans>
          ) : part.included && part.since !== null ? (
            <Trans>Kept here from {formatDate(part.since)} on.</Trans>
          ) : (
            <Trans>It is not kept here.</Trans>
          )}{" "}
          <Link
            to="/sync/keep/$accountId"
            params={{ accountId: chat.account_id }}
            className="link"
            data-testid="details-keep"
          >
            <Trans>Choose what is kept</Trans>
          </Link>
        </p>
      </Section>
    </>
  );
}

function Day({ name, at }: { name: string; at: number }) {
  return (
    <Fact name={name} title={formatMoment(at)}>
      {formatDate(at)}
    </Fact>
  );
}

function Person({ id }: { id: string }) {
  const contact = useQuery(contactQuery(id)).data;
  if (contact === undefined) return null;
  return (
    <div className="border-t border-line">
      <PersonFacts contact={contact} />
      <Link
        to="/contacts/$personId"
        params={{ personId: id }}
        data-testid="details-person"
        className="btn mb-5 w-full"
      >
        <Trans>Show in Contacts</Trans>
      </Link>
    </div>
  );
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatCount, formatDate, formatMoment } from "../app/format";
import type { Address, AddressKind, Contact, SharedGroup } from "../bindings";
import { Avatar } from "../parts/avatar";
import { formatPhone } from "./phone";
import { writtenQuery } from "./queries";

const KINDS: Readonly<Record<AddressKind, MessageDescriptor>> = {
  phone: msg`Phone number`,
  hidden: msg`Hidden number (LID)`,
  other: msg`Address`,
};

/** What is known of a person, without what has nothing to say. */
export function PersonFacts({ contact }: { contact: Contact }) {
  const written = useQuery(writtenQuery(contact.person.id)).data;
  const { saved_name, full_name, own_name, username, about, last_seen, chat } = contact;
  const seen = [...new Set(contact.addresses.map((each) => each.seen_name))];
  const others = seen.filter((name) => name !== "" && name !== own_name && name !== saved_name);
  return (
    <>
      <Section title={t`Names`}>
        <dl className="facts">
          <Fact name={t`You call them`}>{saved_name}</Fact>
          {full_name !== saved_name && <Fact name={t`Full name`}>{full_name}</Fact>}
          <Fact name={t`They call themselves`}>{own_name}</Fact>
          {others.map((name) => (
            <Fact key={name} name={t`Seen as`}>
              {name}
            </Fact>
          ))}
          <Fact name={t`Handle`}>{username}</Fact>
          <Fact name={t`About`}>{about}</Fact>
        </dl>
        {saved_name === "" && own_name === "" && others.length === 0 && (
          <p className="text-ink-2">
            <Trans>No name of them is known here.</Trans>
          </p>
        )}
        {!contact.is_contact && (
          <p className="mt-1.5 text-sm text-ink-2">
            <Trans>Not among your contacts: met in a group.</Trans>
          </p>
        )}
      </Section>
      <Section title={t`Addresses`}>
        <dl className="facts">
          {contact.addresses.map((each) => (
            <Fact key={each.jid} name={i18n._(KINDS[each.kind])} title={each.jid}>
              <bdi dir="ltr">{shown(each)}</bdi>
            </Fact>
          ))}
        </dl>
        {contact.addresses.length > 1 && (
          <p className="mt-1.5 text-sm text-ink-2">
            <Trans>What comes from any of these is shown as from one person.</Trans>
          </p>
        )}
        {contact.merged.length > 0 && (
          <div className="mt-2.5" data-testid="person-merged">
            <p className="mb-1 text-sm text-ink-2">
              <Trans>These entries turned out to be the same person:</Trans>
            </p>
            <ul className="list-disc ps-5">
              {contact.merged.map((each) => (
                <li key={each.jid} className="wrap-anywhere">
                  {each.name !== "" && (
                    <>
                      <bdi>{each.name}</bdi>
                      {" · "}
                    </>
                  )}
                  <bdi dir="ltr" className="text-ink-2">
                    {each.jid}
                  </bdi>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Section>
      <Section title={t`Messages`}>
        <dl className="facts">
          {chat !== null && <Fact name={t`In the chat with them`}>{formatCount(chat.messages)}</Fact>}
          {written !== undefined && (
            <Fact name={t`From them, in all chats`}>
              {written.about === null
                ? t`Known once the search index is made`
                : written.more
                  ? t`More than ${formatCount(written.about)}`
                  : formatCount(written.about)}
              {written.about !== null && written.behind > 0 && ` ${t`so far: still indexing`}`}
            </Fact>
          )}
          {written?.last_at != null && (
            <Fact name={t`Last message from them`} title={formatMoment(written.last_at)}>
              {formatDate(written.last_at)}
            </Fact>
          )}
          {last_seen !== null && (
            <Fact name={t`Last seen by the platform`} title={formatMoment(last_seen)}>
              {formatDate(last_seen)}
            </Fact>
          )}
        </dl>
      </Section>
      <SharedGroups groups={contact.groups} />
    </>
  );
}

/** Groups that one is in with somebody, and those that they left. */
function SharedGroups({ groups }: { groups: readonly SharedGroup[] }) {
  return (
    <Section title={t`Groups with them`}>
      {groups.length === 0 ? (
        <p className="text-ink-2">
          <Trans>None that is known here.</Trans>
        </p>
      ) : (
        <ul className="-mx-2">
          {groups.map(({ chat, left }) => (
            <li key={chat.id}>
              <Link
                to="/chats/$chatId"
                params={{ chatId: chat.id }}
                data-testid="shared-group"
                className="flex min-h-11 items-center gap-3 rounded-[10px] px-2 py-1.5 hover:bg-sunken"
              >
                <Avatar name={chat.name} seed={chat.jid} size={30} />
                <span className="min-w-0">
                  <bdi className="block truncate font-[550]">{chat.name}</bdi>
                  <span className="block truncate text-sm text-ink-2">
                    {left
                      ? t`They left it`
                      : plural(chat.participants, { one: "# person", other: "# people" })}
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line py-4 first:border-t-0">
      <h2 className="mb-2 text-sm font-semibold text-ink-2">{title}</h2>
      {children}
    </section>
  );
}

/** A line of what is known; none where it is empty. */
export function Fact({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  if (children === "") return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title} dir="auto">
        {children}
      </dd>
    </div>
  );
}

function shown({ kind, jid }: Address): string {
  return kind === "phone" ? formatPhone(`+${jid.split("@")[0]}`) : jid;
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { Virtualizer } from "virtua";
import { formatDate } from "../app/format";
import type { Member, MemberRole } from "../bindings";
import { formatPhone } from "../contacts/phone";
import { Avatar } from "../parts/avatar";

const ROLES: Readonly<Record<MemberRole, MessageDescriptor | null>> = {
  owner: msg`Owner`,
  admin: msg`Admin`,
  member: null,
};

/** Those who are in a chat, below what else there is of it: a large group has thousands. */
export function Members({ members, top }: { members: readonly Member[]; top: ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null);
  const present = members.filter((member) => member.left_at === null);
  const gone = members.filter((member) => member.left_at !== null);
  return (
    <div ref={scroller} className="h-full overflow-y-auto" data-testid="details-scroller">
      {top}
      <section aria-label={t`Participants`} className="mx-5 border-t border-line py-4">
        <h2 className="mb-2 text-sm font-semibold text-ink-2">
          {plural(present.length, { one: "# participant", other: "# participants" })}
        </h2>
        <People members={present} scroller={scroller} />
        {gone.length > 0 && (
          <>
            <h2 className="mt-4 mb-2 text-sm font-semibold text-ink-2">
              {plural(gone.length, { one: "# who left", other: "# who left" })}
            </h2>
            <People members={gone} scroller={scroller} />
          </>
        )}
      </section>
    </div>
  );
}

function People({
  members,
  scroller,
}: {
  members: readonly Member[];
  scroller: React.RefObject<HTMLDivElement | null>;
}) {
  return (
    <div className="-mx-2">
      <Virtualizer scrollRef={scroller} data={members} itemSize={46} bufferSize={300}>
        {(member) => <Person key={member.person_id} member={member} />}
      </Virtualizer>
    </div>
  );
}

function Person({ member }: { member: Member }) {
  const role = ROLES[member.role];
  const number = member.phone === null ? "" : formatPhone(member.phone);
  const name = member.name === member.phone ? number : member.name;
  const gone = member.left_at === null ? "" : t`Left on ${formatDate(member.left_at)}`;
  const below = gone !== "" ? gone : number === name ? "" : number;
  return (
    <Link
      to="/contacts/$personId"
      params={{ personId: member.person_id }}
      data-testid="member"
      className={`flex min-h-11.5 items-center gap-3 rounded-[10px] px-2 py-1 hover:bg-sunken ${gone === "" ? "" : "text-ink-2"}`}
    >
      <Avatar name={member.name} seed={member.jid} size={32} />
      <span className="min-w-0 flex-1">
        <span className="block truncate">
          <bdi>{name}</bdi>
          {member.is_me && <span className="text-ink-2"> · {t`you`}</span>}
        </span>
        {below !== "" && (
          <bdi className="block truncate text-start text-sm text-ink-2" dir={gone === "" ? "ltr" : "auto"}>
            {below}
          </bdi>
        )}
      </span>
      {role !== null && (
        <span className="flex-none rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">
          {i18n._(role)}
        </span>
      )}
    </Link>
  );
}

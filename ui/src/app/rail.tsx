import { t } from "@lingui/core/macro";
import { Plural } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { Account } from "../bindings";
import { Icon, type IconName } from "../parts/icon";
import { useSync } from "../sync/store";
import { formatCount } from "./format";
import { chatsQuery } from "./queries";

/** Where one can go. A place is here once there is something in it. */
export function Rail({ accounts }: { accounts: readonly Account[] }) {
  const chats = useInfiniteQuery(chatsQuery({ filter: "unread", text: "" }));
  const { phase } = useSync();
  const loaded = chats.data?.pages.flatMap((page) => page.chats) ?? [];
  const unread = loaded.filter((chat) => !chat.muted && !chat.archived && chat.unread > 0).length;
  const trouble = accounts.some((account) => account.connection === "logged_out");
  return (
    <nav
      aria-label="Threadkeep"
      className="flex w-15 flex-none flex-col items-center gap-1.5 border-e border-line bg-sunken py-3.5 narrow:w-full narrow:flex-row narrow:justify-around narrow:border-t narrow:border-e-0 narrow:py-1.5"
    >
      <Place to="/chats" icon="chat" name={t`Chats`} testId="rail-chats">
        {unread > 0 && (
          <span className="absolute top-1.5 end-1.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[10px] font-semibold text-accent-ink">
            <span aria-hidden="true">{unread > 99 ? `${formatCount(99)}+` : formatCount(unread)}</span>
            <span className="sr-only">
              {", "}
              <Plural value={unread} one="# with unread messages" other="# with unread messages" />
            </span>
          </span>
        )}
      </Place>
      <Place to="/search" icon="search" name={t`Search`} testId="rail-search" />
      <Place to="/contacts" icon="people" name={t`Contacts`} testId="rail-contacts" />
      <Place to="/sync" icon="sync" name={t`Sync`} testId="rail-sync">
        {phase !== "idle" ? (
          <Mark tone="bg-accent" words={t`syncing`} />
        ) : (
          trouble && <Mark tone="bg-warn" words={t`needs attention`} />
        )}
      </Place>
      <span className="flex-1 narrow:hidden" />
      <Place to="/settings" icon="gear" name={t`Settings`} testId="rail-settings" />
    </nav>
  );
}

function Place({
  to,
  icon,
  name,
  testId,
  children,
}: {
  to: NonNullable<LinkProps["to"]>;
  icon: IconName;
  name: string;
  testId: string;
  children?: React.ReactNode;
}) {
  return (
    <Link
      to={to}
      title={name}
      data-testid={testId}
      draggable={false}
      className="relative grid size-11 place-items-center rounded-[12px] text-ink-2 hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
    >
      <Icon name={icon} />
      <span className="sr-only">{name}</span>
      {children}
    </Link>
  );
}

function Mark({ tone, words }: { tone: string; words: string }) {
  return (
    <span className={`absolute top-2 end-2 size-2 rounded-full ${tone}`}>
      <span className="sr-only">, {words}</span>
    </span>
  );
}

import { t } from "@lingui/core/macro";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import type { Person } from "../bindings";
import { Avatar } from "../parts/avatar";
import { placeByKey, useEnd } from "../parts/list-keys";
import { shownName } from "../parts/shown-name";
import { formatPhone } from "./phone";
import { rowsOf } from "./rows";

const ROW_HEIGHT = 54;

/** Thousands of people, of whom the few on the screen exist. Arrow keys move, Enter opens. */
export function ContactList({
  people,
  openId,
  onEnd,
}: {
  people: readonly Person[];
  openId: string | undefined;
  onEnd: () => void;
}) {
  const list = useRef<VListHandle>(null);
  const navigate = useNavigate();
  const rows = useMemo(() => rowsOf(people), [people]);
  const [activeId, setActiveId] = useState<string | undefined>(openId);
  const place = people.findIndex((person) => person.id === activeId);
  const active = place === -1 ? 0 : place;
  const rowOf = (index: number) => rows.findIndex((row) => row.type === "person" && row.index === index);

  const open = (person: Person | undefined) => {
    if (person === undefined) return;
    setActiveId(person.id);
    void navigate({ to: "/contacts/$personId", params: { personId: person.id } });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = placeByKey(event.key, active, {
      count: people.length,
      list: list.current,
      rowHeight: ROW_HEIGHT,
    });
    if (next !== null) {
      event.preventDefault();
      setActiveId(people[next]?.id);
      // With the letter above the first one.
      list.current?.scrollToIndex(next === 0 ? 0 : rowOf(next), { align: "nearest" });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(people[active]);
    }
  };

  const onScroll = useEnd(list, rows.length, onEnd);
  const activeRow = rowOf(active);
  return (
    <VList
      ref={list}
      role="listbox"
      aria-label={t`Contacts`}
      aria-activedescendant={people[active] === undefined ? undefined : rowId(people[active])}
      tabIndex={0}
      data-testid="contact-list"
      data-pane-focus=""
      className="always-hit group/list h-full pb-2 focus-visible:outline-none"
      itemSize={ROW_HEIGHT}
      bufferSize={400}
      keepMounted={activeRow === -1 ? [] : [activeRow]}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
      data={rows}
    >
      {(row) =>
        row.type === "letter" ? (
          <Letter key={`above ${row.above}`} letter={row.letter} />
        ) : (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox handles the keys for all its options
          <div
            key={row.person.id}
            id={rowId(row.person)}
            role="option"
            tabIndex={-1}
            aria-selected={row.person.id === openId}
            aria-posinset={row.index + 1}
            aria-setsize={people.length}
            data-testid="contact-row"
            data-active={row.index === active || undefined}
            className="mx-1.5 grid h-[54px] grid-cols-[36px_minmax(0,1fr)] items-center gap-x-3 rounded-[10px] px-3.5 hover:bg-sunken aria-selected:bg-accent-soft group-focus-visible/list:data-active:outline-2 group-focus-visible/list:data-active:-outline-offset-2 group-focus-visible/list:data-active:outline-accent"
            onClick={() => open(row.person)}
          >
            <Avatar name={row.person.name} seed={row.person.jid} size={36} />
            <Called person={row.person} />
          </div>
        )
      }
    </VList>
  );
}

function Called({ person }: { person: Person }) {
  const number = person.phone === null ? "" : formatPhone(person.phone);
  const name = person.name === person.phone ? number : shownName(person.name, number || undefined);
  return (
    <span className="min-w-0">
      <span className="block truncate font-[550]">
        <bdi>{name}</bdi>
      </span>
      {number !== "" && number !== name && (
        <bdi dir="ltr" className="block truncate text-sm text-ink-2">
          {number}
        </bdi>
      )}
    </span>
  );
}

function Letter({ letter }: { letter: string }) {
  return (
    <div
      role="presentation"
      data-testid="contact-letter"
      className="px-5 pt-3 pb-1 text-xs font-semibold text-ink-2"
    >
      {letter === "" ? t`Without a name` : letter}
    </div>
  );
}

function rowId(person: Person): string {
  return `person-${person.id}`;
}

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Ref } from "react";
import { call } from "../app/call";
import { commands, type NamesFound } from "../bindings";
import { ChoiceRow } from "./choice-row";
import { isEmpty, pieces } from "./query";
import type { Choice } from "./quick";

/** So many chats and so many people stand above the messages. */
const SHOWN = 3;

const NONE: readonly Choice[] = [];

/** Chats and people of the name that stands in the field; none where it is more than a name. */
export function useNames(text: string): readonly Choice[] {
  const name = text.trim();
  const isName = !isEmpty(text) && pieces(text).every((piece) => piece.type === "word" && !piece.without);
  const found = useQuery({
    queryKey: ["names", name],
    queryFn: () => call(commands.searchNames(name)),
    enabled: isName,
  }).data;
  return isName && found !== undefined ? choicesOf(found) : NONE;
}

function choicesOf({ chats, people }: NamesFound): Choice[] {
  const shown = chats.slice(0, SHOWN);
  const listed = new Set(chats.map((chat) => chat.id));
  const others = people.filter((person) => person.chat_id === null || !listed.has(person.chat_id));
  return [
    ...shown.map((chat): Choice => ({ type: "chat", key: `chat-${chat.id}`, chat })),
    ...others
      .slice(0, SHOWN)
      .map((person): Choice => ({ type: "person", key: `person-${person.id}`, person })),
  ];
}

export function nameId(choice: Choice): string {
  return `name-${choice.key}`;
}

/** Who and what is called so, above the messages. The keys are the field's. */
export function NamesAbove({
  ref,
  choices,
  active,
  onOpen,
}: {
  ref: Ref<HTMLElement>;
  choices: readonly Choice[];
  /** The one at which the keys stand; undefined where they stand at a message. */
  active: Choice | undefined;
  onOpen: (choice: Choice) => void;
}) {
  return (
    <section ref={ref} aria-label={t`Chats and people`} className="pb-3">
      <div className="rounded-[16px] border border-line bg-surface p-2">
        <p aria-hidden="true" className="px-2.5 pt-0.5 pb-1 text-xs font-semibold text-ink-2">
          <Trans>Chats and people</Trans>
        </p>
        <div id="names" role="listbox" aria-label={t`Chats and people`} data-testid="names">
          {choices.map((choice) => (
            <ChoiceRow
              key={choice.key}
              choice={choice}
              option={{
                id: nameId(choice),
                role: "option",
                tabIndex: -1,
                "aria-selected": choice === active,
                onClick: () => onOpen(choice),
              }}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

import { Dialog } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { toAppError } from "../app/call";
import { entryFor } from "../app/errors";
import { chatsQuery } from "../app/queries";
import { Icon } from "../parts/icon";
import { useOptions } from "../parts/use-options";
import { useShortcut } from "../shortcuts/use-shortcut";
import { ChoiceRow } from "./choice-row";
import { isEmpty } from "./query";
import { type Choice, found, type Group, latest, quickQuery } from "./quick";
import { useGo } from "./use-go";

/** Ctrl/Cmd+K: to a chat, a person or a message by a few letters, without leaving the keys. */
export function Switcher() {
  const [open, setOpen] = useState(false);
  const chosen = useRef(false);
  useShortcut("switcher", () => {
    chosen.current = false;
    setOpen((before) => !before);
  });
  // Who has chosen goes on with what was opened, and not where the keys were before.
  const finalFocus = () =>
    !chosen.current || (document.querySelector<HTMLElement>("[data-testid=reader]") ?? false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="switcher" data-testid="switcher" finalFocus={finalFocus}>
          <Dialog.Title className="sr-only">
            <Trans>Go to a chat, a person or a message</Trans>
          </Dialog.Title>
          <Choices
            onChosen={() => {
              chosen.current = true;
              setOpen(false);
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ onChosen }: { onChosen: () => void }) {
  const [text, setText] = useState("");
  const open = useGo();
  const { groups, isCurrent, error } = useGroups(text.trim());
  const choices = groups.flatMap((group) => group.choices);
  // Enter may come before the answer to the last letter: it is kept until then.
  const [wanted, setWanted] = useState(false);

  const choose = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    onChosen();
    open(choice);
  };
  const options = useOptions(choices.length, (index) => {
    if (isCurrent) choose(choices[index]);
    else setWanted(true);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was wanted is chosen once, when it is there
  useEffect(() => {
    if (wanted && isCurrent) choose(choices[options.active]);
  }, [wanted, isCurrent]);

  let index = 0;
  return (
    <>
      <div className="relative flex-none border-b border-line">
        <Icon
          name="search"
          className="pointer-events-none absolute top-1/2 start-4 size-4.5! -translate-y-1/2 text-ink-2"
        />
        <input
          {...options.field}
          type="text"
          data-testid="switcher-field"
          aria-label={t`Go to a chat, a person or a message`}
          placeholder={t`Go to a chat, a person or a message`}
          autoCorrect="off"
          dir="auto"
          className="h-13 w-full bg-transparent pe-4 ps-11 text-lg placeholder:text-ink-2 focus-visible:outline-none"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWanted(false);
            options.reset();
          }}
        />
      </div>
      <div
        {...options.list(t`Where to go`)}
        className="min-h-0 flex-1 overflow-y-auto p-2"
        aria-busy={!isCurrent}
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: options in a listbox are grouped by a role
          <div key={group.name} role="group" aria-label={group.name}>
            <p aria-hidden="true" className="px-2.5 pt-2 pb-1 text-xs font-semibold text-ink-2">
              {group.name}
            </p>
            {group.choices.map((choice) => {
              const place = index++;
              return <ChoiceRow key={choice.key} choice={choice} option={options.option(place)} />;
            })}
          </div>
        ))}
      </div>
      {error !== null && (
        <p role="alert" className="flex-none border-t border-line px-4 py-2.5 text-sm text-ink-2">
          <Trans>{entryFor(error.code).headline}: here are chats and people, and no messages.</Trans>
        </p>
      )}
      <p className="flex-none border-t border-line px-4 py-2 text-xs text-ink-2 narrow:hidden">
        <Trans>
          <kbd>↑</kbd> <kbd>↓</kbd> move · <kbd>Enter</kbd> open · <kbd>Esc</kbd> close
        </Trans>
      </p>
    </>
  );
}

function useGroups(text: string) {
  const chats = useInfiniteQuery(chatsQuery({ filter: null, text: "" })).data?.pages[0]?.chats ?? [];
  const query = useQuery({ ...quickQuery(text), placeholderData: (before) => before });
  const error = query.isError ? toAppError(query.error) : (query.data?.fault ?? null);
  let groups: Group[];
  if (isEmpty(text)) groups = latest(chats);
  else if (query.data === undefined) groups = [];
  else groups = found(text, query.data);
  return {
    groups,
    error,
    isCurrent: isEmpty(text) || (!query.isPlaceholderData && query.data !== undefined),
  };
}

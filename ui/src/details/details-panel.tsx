import { Tabs } from "@base-ui/react/tabs";
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { jumpToMessage } from "../app/jump";
import type { Chat } from "../bindings";
import { Icon } from "../parts/icon";
import { About } from "./about";
import { Gallery } from "./gallery";
import { type DetailsTab, setDetails, useDetails } from "./open";

const TABS: readonly { tab: DetailsTab; name: MessageDescriptor }[] = [
  { tab: "about", name: msg`About` },
  { tab: "media", name: msg`Media` },
  { tab: "audio", name: msg`Audio` },
  { tab: "links", name: msg`Links` },
  { tab: "documents", name: msg`Documents` },
];

/** What a chat is beside its messages: beside them in a wide window, over them in a narrow one. */
export function DetailsPanel({ chat }: { chat: Chat }) {
  const { tab } = useDetails();
  const navigate = useNavigate();
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Who opened it by its button goes on in it; who goes from chat to chat beside it stays where they are.
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement.dataset.testid === "details-open") {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);

  const show = (messageId: string) => {
    const covers = panel.current !== null && getComputedStyle(panel.current).position === "absolute";
    if (covers) close();
    void navigate({
      to: "/chats/$chatId",
      params: { chatId: chat.id },
      state: { jump: jumpToMessage(messageId) },
    });
  };

  return (
    <section
      ref={panel}
      aria-label={t`Details of this chat`}
      data-testid="details"
      data-pane="details"
      className="flex h-full w-[380px] flex-none flex-col border-s border-line bg-surface max-[1180px]:absolute max-[1180px]:inset-y-0 max-[1180px]:end-0 max-[1180px]:z-20 max-[1180px]:shadow-raised narrow:w-full narrow:border-s-0"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <header className="flex h-14.5 flex-none items-center gap-3 border-b border-line px-4">
        <h2 ref={heading} tabIndex={-1} className="flex-1 font-semibold focus-visible:outline-none">
          <Trans>Details</Trans>
        </h2>
        <button
          type="button"
          data-testid="details-close"
          aria-label={t`Close the details`}
          title={t`Close (Esc)`}
          className="-me-2 grid size-10 flex-none place-items-center rounded-[10px] text-ink-2 hover:text-ink"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </header>
      <Tabs.Root
        value={tab}
        onValueChange={(value) => setDetails({ tab: value as DetailsTab })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List
          aria-label={t`What to see`}
          className="flex flex-none gap-1 overflow-x-auto border-b border-line px-2.5"
        >
          {TABS.map((each) => (
            <Tabs.Tab
              key={each.tab}
              value={each.tab}
              data-testid={`details-${each.tab}`}
              className="-mb-px h-10 flex-none border-b-2 border-transparent px-2.5 text-sm text-ink-2 -outline-offset-2 hover:text-ink aria-selected:border-accent aria-selected:font-[550] aria-selected:text-ink"
            >
              {i18n._(each.name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} tabIndex={-1} className="min-h-0 flex-1 focus-visible:outline-none">
          {tab === "about" ? (
            <About chat={chat} />
          ) : (
            <Gallery key={tab} chatId={chat.id} kind={tab} onShow={show} />
          )}
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  );
}

function close(): void {
  setDetails({ open: false });
  document.querySelector<HTMLElement>("[data-testid=details-open]")?.focus();
}

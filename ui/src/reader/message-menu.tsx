import { Menu } from "@base-ui/react/menu";
import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { Message, Quote } from "../bindings";
import { copyText } from "../parts/clipboard";
import { spell } from "../shortcuts/chord";
import { chordOf } from "../shortcuts/table";
import { openLink } from "./open-link";
import { withSender, wordsOf } from "./wording";

/** A message's menu, where it was asked for. */
export type Asked = {
  message: Message;
  /** What was selected in it then. */
  selected: string;
  /** The link that was pointed at. */
  url: string | null;
  /** Beside what it opens. */
  anchor: { getBoundingClientRect: () => DOMRect };
  /** Where it belongs: what opens beside all parts of a page is passed over by those who go from part to part. */
  container: HTMLElement | null;
};

/** What one can do with a message. */
export function MessageMenu({
  asked,
  open,
  onClose,
  onJump,
  onDetails,
  finalFocus,
}: {
  asked: Asked | null;
  open: boolean;
  onClose: () => void;
  onJump: (quote: Quote, from: string) => void;
  onDetails: (message: Message) => void;
  /** Gives the focus back when it closes; says whether that is left to do. */
  finalFocus: () => boolean;
}) {
  if (asked === null) return null;
  const { message, selected, url, anchor, container } = asked;
  const { quote } = message;
  const words = wordsOf(message);
  return (
    <Menu.Root open={open} onOpenChange={(now) => !now && onClose()} modal={false}>
      <Menu.Portal container={container}>
        <Menu.Positioner
          anchor={anchor}
          positionMethod="fixed"
          side="bottom"
          align="start"
          sideOffset={2}
          className="z-40"
        >
          <Menu.Popup
            className="menu"
            aria-label={t`Message`}
            data-testid="message-menu"
            finalFocus={finalFocus}
          >
            {selected !== "" && <Item onClick={() => copyText(selected)}>{t`Copy what is selected`}</Item>}
            {words !== "" && !message.deleted && (
              <Item testId="copy-text" onClick={() => copyText(words)}>
                {t`Copy text`}
              </Item>
            )}
            <Item testId="copy-with-sender" onClick={() => copyText(withSender(message))}>
              {t`Copy with sender and time`}
            </Item>
            {url !== null && (
              <>
                <Menu.Separator className="menu-line" />
                <Item onClick={() => openLink(url)}>{t`Open the link`}</Item>
                <Item onClick={() => copyText(url)}>{t`Copy the link`}</Item>
              </>
            )}
            <Menu.Separator className="menu-line" />
            {quote !== null && !quote.missing && (
              <Item testId="to-quoted" onClick={() => onJump(quote, message.id)}>
                {t`To the message that this answers`}
              </Item>
            )}
            <Item testId="to-details" keys={spell(chordOf("details"))} onClick={() => onDetails(message)}>
              {t`Details`}
            </Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Item({
  testId,
  keys,
  onClick,
  children,
}: {
  testId?: string;
  keys?: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Menu.Item className="menu-item" data-testid={testId} onClick={onClick}>
      {children}
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Menu.Item>
  );
}

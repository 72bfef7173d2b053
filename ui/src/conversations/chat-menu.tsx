import { Menu } from "@base-ui/react/menu";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { RefObject } from "react";
import type { Chat, ChatChoice } from "../bindings";
import { spell } from "../shortcuts/chord";
import { chordOf, type ShortcutId } from "../shortcuts/table";

/** Where a chat's menu was asked for. */
export type Asked = { chat: Chat; anchor: { getBoundingClientRect: () => DOMRect } };

/** What one can do with a chat in the list. */
export function ChatMenu({
  asked,
  open,
  onClose,
  onChoose,
  container,
  finalFocus,
}: {
  asked: Asked | null;
  open: boolean;
  onClose: () => void;
  onChoose: (chat: Chat, choice: ChatChoice) => void;
  /** Where it belongs: what opens beside all parts of a page is passed over by those who go from part to part. */
  container: RefObject<HTMLElement | null>;
  finalFocus: () => HTMLElement | null;
}) {
  if (asked === null) return null;
  const { chat, anchor } = asked;
  const item = (choice: ChatChoice, words: string, shortcut?: ShortcutId) => (
    <Menu.Item className="menu-item" data-testid={`chat-${choice}`} onClick={() => onChoose(chat, choice)}>
      {words}
      {shortcut !== undefined && <kbd>{spell(chordOf(shortcut))}</kbd>}
    </Menu.Item>
  );
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
            aria-label={chat.name}
            data-testid="chat-menu"
            finalFocus={() => finalFocus() ?? true}
          >
            <Menu.Group>
              <Menu.GroupLabel className="px-2.5 pt-1 pb-1.5 text-xs text-ink-2">
                <Trans>On this computer only</Trans>
              </Menu.GroupLabel>
              {chat.unread > 0 && item("read", t`Mark as read`, "markRead")}
              {chat.pinned ? item("unpin", t`Unpin`) : item("pin", t`Pin to the top`)}
              {chat.muted ? item("unmute", t`Unmute`) : item("mute", t`Mute`)}
              {chat.archived
                ? item("unarchive", t`Take out of the archive`, "unarchive")
                : item("archive", t`Archive`, "archive")}
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

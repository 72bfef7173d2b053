import { Popover } from "@base-ui/react/popover";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { type Jump, jumpToTop } from "../app/jump";
import { sinceQuery } from "../app/queries";
import { type Chat, commands } from "../bindings";
import { Calendar } from "../calendar/calendar";
import { notify } from "../parts/notice";

/** Asks for another day, from the one that something says; without that, from where one stands. */
export type OnDay = (at: number | null, anchor: Element) => void;

export type AskedDay = { at: number; anchor: Element };

/** The days of a chat, beside what asked for them. */
export function ChatCalendar({
  chat,
  asked,
  onClose,
  onJump,
}: {
  chat: Chat;
  asked: AskedDay | null;
  onClose: () => void;
  onJump: (jump: Jump) => void;
}) {
  const since = useQuery({ ...sinceQuery(chat.id), enabled: asked !== null });
  const pick = async (dayStart: number) => {
    onClose();
    try {
      const page = await call(commands.messageList(chat.id, { at: "date", value: dayStart }, 1));
      const first = page.messages[0];
      if (first !== undefined) onJump(jumpToTop(first.id));
    } catch (fault) {
      notify(brief(toAppError(fault)));
    }
  };
  return (
    <Popover.Root open={asked !== null} onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={asked?.anchor ?? null}
          sideOffset={6}
          collisionPadding={12}
          collisionAvoidance={{ side: "shift" }}
          className="z-40"
        >
          <Popover.Popup
            className="popup calendar-popup"
            aria-label={t`To a day`}
            initialFocus={false}
            finalFocus={() => document.querySelector<HTMLElement>("[data-testid=reader]") ?? true}
          >
            {asked !== null && since.data !== undefined && (
              <Calendar
                chatId={chat.id}
                at={asked.at}
                first={since.data ?? asked.at}
                last={chat.last_message_at ?? asked.at}
                onPick={(dayStart) => void pick(dayStart)}
              />
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

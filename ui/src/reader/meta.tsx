import { Popover } from "@base-ui/react/popover";
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { formatClock, formatMoment } from "../app/format";
import type { Message } from "../bindings";
import { Icon } from "../parts/icon";
import { Popup } from "../parts/popup";
import { EditList } from "./edit-list";

/** The small line of a bubble: when, whether it was changed, and how far it got. */
export function Meta({ message, alone = false }: { message: Message; alone?: boolean }) {
  return (
    // Outside it stands as the text runs, inside always as a clock is read.
    <span className={`meta ${alone ? "alone" : ""}`}>
      <span dir="ltr">
        {message.starred && (
          <span title={t`Starred`}>
            <Icon name="star" className="size-3!" />
            <span className="sr-only">
              <Trans>Starred</Trans>,{" "}
            </span>
          </span>
        )}
        <time dateTime={new Date(message.at).toISOString()} title={formatMoment(message.at)}>
          {formatClock(message.at)}
        </time>
        {message.edited && !message.deleted && <Edited message={message} />}
        {message.from_me && message.status !== null && <Ticks status={message.status} />}
      </span>
    </span>
  );
}

function Edited({ message }: { message: Message }) {
  if (message.edits.length === 0) {
    return (
      <span title={t`Its earlier text is not on this computer`}>
        · <Trans>edited</Trans>
      </span>
    );
  }
  return (
    <Popover.Root>
      <Popover.Trigger className="edited" title={t`What it said before`}>
        · <Trans>edited</Trans>
      </Popover.Trigger>
      <Popup title={t`What it said before`}>
        <EditList edits={message.edits} />
      </Popup>
    </Popover.Root>
  );
}

const STATES: Readonly<Record<string, { words: MessageDescriptor; shape: string; tone: string }>> = {
  pending: {
    words: msg`Waiting to be sent`,
    shape: "M8 1.5a4 4 0 1 0 0 8 4 4 0 1 0 0-8M8 3.500v2.200l1.400.900",
    tone: "",
  },
  sent: { words: msg`Sent`, shape: "m4 6 3 3 6-7", tone: "" },
  delivered: { words: msg`Delivered`, shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "" },
  read: { words: msg`Read`, shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "seen" },
  played: { words: msg`Played`, shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "seen" },
  failed: { words: msg`Not sent`, shape: "M8 1v6M8 9.500v.010", tone: "lost" },
};

/** How far a message got, in words. */
export function statusName(status: string): string {
  const state = STATES[status];
  return state === undefined ? status : i18n._(state.words);
}

function Ticks({ status }: { status: string }) {
  const state = STATES[status];
  if (state === undefined) return null;
  const words = i18n._(state.words);
  return (
    <span className={`ticks ${state.tone}`} title={words}>
      <svg viewBox="0 0 16 11" aria-hidden="true">
        <path d={state.shape} />
      </svg>
      <span className="sr-only">{words}</span>
    </span>
  );
}

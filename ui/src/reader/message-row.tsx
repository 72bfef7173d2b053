import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { memo } from "react";
import { formatClock, formatDay, formatFullDay, formatMoment } from "../app/format";
import type { Excerpt, Message, Quote } from "../bindings";
import { Icon } from "../parts/icon";
import { colourOf } from "../parts/initials";
import { kindName } from "../parts/kinds";
import { withNames } from "../parts/mentioned";
import { Body, wordsId } from "./body";
import type { OnDay } from "./chat-calendar";
import { Quoted } from "./quoted";
import { Reactions } from "./reactions";

type Props = {
  message: Message;
  first: boolean;
  isGroup: boolean;
  marked: boolean;
  /** A piece of its text with what was looked for. */
  found?: Excerpt | undefined;
  onJump: (quote: Quote) => void;
  onDetails: (message: Message) => void;
};

export const MessageRow = memo(
  Bubble,
  (a, b) =>
    a.message === b.message &&
    a.first === b.first &&
    a.isGroup === b.isGroup &&
    a.marked === b.marked &&
    a.found === b.found,
);

/** One message: a bubble, or a line of its own where nobody said it. */
function Bubble({ message, first, isGroup, marked, found, onJump, onDetails }: Props) {
  const hooks = {
    "data-testid": "message",
    "data-external-id": message.external_id,
    "data-kind": message.kind,
    tabIndex: -1,
  };
  if (message.kind === "system" || message.kind === "call") {
    return (
      <div {...hooks} className={`line ${marked ? "marked" : ""}`} title={formatMoment(message.at)}>
        {message.kind === "call" && <Icon name="call" className="size-3.75!" />}
        <span data-testid="message-text" dir="auto">
          {message.text === ""
            ? message.kind === "call"
              ? t`Call`
              : t`Something changed in this chat`
            : withNames(message.text, message.mentions).text}
        </span>
      </div>
    );
  }
  const names = isGroup && first && !message.from_me && message.sender !== null;
  const kind = `bubble ${message.from_me ? "me" : ""} ${first ? "" : "goes-on"} ${marked ? "marked" : ""} ${
    message.reactions.length > 0 ? "reacted" : ""
  } ${message.kind === "sticker" && !message.deleted ? "bare" : ""}`;
  return (
    <article
      {...hooks}
      className={kind}
      aria-label={spoken(message)}
      aria-describedby={message.text === "" && !message.deleted ? undefined : wordsId(message)}
    >
      {names && message.sender !== null && (
        <div className="who" style={{ color: `var(--p${colourOf(message.sender.jid, 6) + 1})` }}>
          <bdi>{message.sender.name}</bdi>
        </div>
      )}
      {message.forwarded && !message.deleted && (
        <div className="forwarded">
          <Icon name="forward" className="size-3.5!" />
          <Trans>Forwarded</Trans>
        </div>
      )}
      {message.quote !== null && !message.deleted && <Quoted quote={message.quote} onJump={onJump} />}
      <Body message={message} found={found} onDetails={onDetails} />
      {message.reactions.length > 0 && <Reactions reactions={message.reactions} />}
    </article>
  );
}

/** Who goes from message to message by keys hears who and when, what it is, and then its words. */
function spoken(message: Message): string {
  const who = message.from_me ? t`You` : (message.sender?.name ?? t`Message`);
  const what = message.deleted ? undefined : kindName(message.kind)?.words;
  return [who, formatClock(message.at), what].filter((word) => word !== undefined).join(", ");
}

/** Where a day begins; it leads to others. */
export function DayRow({ at, now, onDay }: { at: number; now: number; onDay: OnDay }) {
  return (
    <button
      type="button"
      data-testid="day"
      className="day"
      title={t`${formatFullDay(at)}: to another day`}
      onClick={(event) => onDay(at, event.currentTarget)}
    >
      {formatDay(at, now)}
    </button>
  );
}

export function NewRow({ count }: { count: number }) {
  return (
    <div className="new">
      <Plural value={count} one="# new message" other="# new messages" />
    </div>
  );
}

import { Popover } from "@base-ui/react/popover";
import { formatClock, formatMoment } from "../app/format";
import type { Message } from "../bindings";
import { Icon } from "../parts/icon";
import { Popup } from "../parts/popup";

/** The small line of a bubble: when, whether it was changed, and how far it got. */
export function Meta({ message, alone = false }: { message: Message; alone?: boolean }) {
  return (
    <span className={`meta ${alone ? "alone" : ""}`} dir="ltr">
      {message.starred && (
        <span title="Starred">
          <Icon name="star" className="size-3!" />
          <span className="sr-only">Starred, </span>
        </span>
      )}
      <time dateTime={new Date(message.at).toISOString()} title={formatMoment(message.at)}>
        {formatClock(message.at)}
      </time>
      {message.edited && !message.deleted && <Edited message={message} />}
      {message.from_me && message.status !== null && <Ticks status={message.status} />}
    </span>
  );
}

function Edited({ message }: { message: Message }) {
  if (message.edits.length === 0) {
    return <span title="Its earlier text is not on this computer">· edited</span>;
  }
  return (
    <Popover.Root>
      <Popover.Trigger className="edited" title="What it said before">
        · edited
      </Popover.Trigger>
      <Popup title="What it said before">
        <ol>
          {message.edits.map((edit) => (
            <li key={`${edit.at} ${edit.text}`} className="border-t border-line py-1.5 first:border-0">
              <span className="block whitespace-pre-wrap wrap-anywhere select-text" dir="auto">
                {edit.text}
              </span>
              <span className="text-xs text-ink-2">until {formatMoment(edit.at)}</span>
            </li>
          ))}
        </ol>
      </Popup>
    </Popover.Root>
  );
}

const STATES: Readonly<Record<string, { words: string; shape: string; tone: string }>> = {
  pending: {
    words: "Waiting to be sent",
    shape: "M8 1.5a4 4 0 1 0 0 8 4 4 0 1 0 0-8M8 3.500v2.200l1.400.900",
    tone: "",
  },
  sent: { words: "Sent", shape: "m4 6 3 3 6-7", tone: "" },
  delivered: { words: "Delivered", shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "" },
  read: { words: "Read", shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "seen" },
  played: { words: "Played", shape: "m1 6 3 3 6-7M6.500 8.500 7 9l6-7", tone: "seen" },
  failed: { words: "Not sent", shape: "M8 1v6M8 9.500v.010", tone: "lost" },
};

function Ticks({ status }: { status: string }) {
  const state = STATES[status];
  if (state === undefined) return null;
  return (
    <span className={`ticks ${state.tone}`} title={state.words}>
      <svg viewBox="0 0 16 11" aria-hidden="true">
        <path d={state.shape} />
      </svg>
      <span className="sr-only">{state.words}</span>
    </span>
  );
}

import { Dialog } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { toAppError } from "../app/call";
import { formatMoment, formatRunTime } from "../app/format";
import { messageDetailsQuery } from "../app/queries";
import type { Chat, MessageDetails as Details, Message, Receipt } from "../bindings";
import { copyText } from "../parts/clipboard";
import { ErrorNote } from "../parts/error-note";
import { Icon } from "../parts/icon";
import { kindName } from "../parts/kinds";
import { useNow } from "../parts/use-now";
import { EditList } from "./edit-list";
import { KnownFrom } from "./known-from";
import { statusName } from "./meta";
import { wordsOf } from "./wording";

/** All that is known of one message: who got and read it, its times, where it came from, its names. */
export function MessageDetails({
  chat,
  message,
  open,
  onClose,
  finalFocus,
}: {
  chat: Chat;
  message: Message | null;
  open: boolean;
  onClose: () => void;
  finalFocus: () => boolean;
}) {
  return (
    <Dialog.Root open={open && message !== null} onOpenChange={(now) => !now && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog details" data-testid="message-details" finalFocus={finalFocus}>
          <header className="flex items-center gap-3">
            <Dialog.Title className="flex-1 text-lg font-semibold">
              <Trans>Message details</Trans>
            </Dialog.Title>
            <Dialog.Close
              aria-label={t`Close`}
              className="-me-2 grid size-9 place-items-center rounded-[9px] text-ink-2 hover:bg-sunken hover:text-ink"
            >
              <Icon name="close" className="size-4.5!" />
            </Dialog.Close>
          </header>
          {message !== null && <About chat={chat} message={message} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function About({ chat, message }: { chat: Chat; message: Message }) {
  const details = useQuery(messageDetailsQuery(chat.id, message.id));
  const words = wordsOf(message);
  return (
    <>
      <p className="details-words" dir="auto">
        {words === "" ? <Trans>A message without words</Trans> : words}
      </p>
      {message.from_me && details.data !== undefined && (
        <Receipts
          receipts={details.data.receipts}
          others={chat.kind === "direct" ? 1 : chat.participants - 1}
        />
      )}
      <dl className="details-list">
        <Line name={t`From`}>{message.from_me ? t`You` : (message.sender?.name ?? t`Nobody`)}</Line>
        <Line name={t`Sent`}>{formatMoment(message.at)}</Line>
        {message.status !== null && <Line name={t`State`}>{statusName(message.status)}</Line>}
        {details.data !== undefined && <Times details={details.data} />}
        <Line name={t`Kind`}>{kindWords(message)}</Line>
        {details.data !== undefined && (
          <KnownFrom chatId={chat.id} id={message.id} first={details.data.source} />
        )}
        {message.sender !== null && <Code name={t`Sender`} code={message.sender.jid} />}
        <Code name={t`On the platform`} code={message.external_id} />
        {details.data !== undefined && <Code name={t`On the server`} code={details.data.server_id} />}
        <Code name={t`On this computer`} code={message.id} />
      </dl>
      {message.edits.length > 0 && <Edits message={message} />}
      {details.data !== undefined && details.data.raw !== "" && (
        <Raw json={details.data.raw} open={message.kind === "unknown"} />
      )}
      {details.isError && (
        <div className="mt-3">
          <ErrorNote fault={toAppError(details.error)} onRetry={() => void details.refetch()} />
        </div>
      )}
    </>
  );
}

/** Who read it, who only got it, and how many have said nothing. */
function Receipts({ receipts, others }: { receipts: readonly Receipt[]; others: number }) {
  const played = receipts.filter((each) => each.played_at !== null);
  const read = receipts.filter((each) => each.played_at === null && each.read_at !== null);
  const delivered = receipts.filter(
    (each) => each.played_at === null && each.read_at === null && each.delivered_at !== null,
  );
  const silent = others - played.length - read.length - delivered.length;
  return (
    <div data-testid="receipts">
      <People title={t`Played by`} people={played} at={(each) => each.played_at} />
      <People title={t`Read by`} people={read} at={(each) => each.read_at} />
      <People title={t`Delivered to`} people={delivered} at={(each) => each.delivered_at} />
      {silent > 0 && (
        <p className="mt-2 text-sm text-ink-2">
          {receipts.length === 0 ? (
            <Trans>The platform has not said who got this.</Trans>
          ) : (
            <Plural
              value={silent}
              one="Of # more person the platform has said nothing."
              other="Of # more people the platform has said nothing."
            />
          )}
        </p>
      )}
    </div>
  );
}

function People({
  title,
  people,
  at,
}: {
  title: string;
  people: readonly Receipt[];
  at: (receipt: Receipt) => number | null;
}) {
  const now = useNow();
  if (people.length === 0) return null;
  return (
    <section className="mt-3">
      <h3 className="text-sm font-semibold text-ink-2">
        {title} ({people.length})
      </h3>
      <ul>
        {people.map((each) => (
          <li key={each.jid} className="flex items-baseline gap-3 border-b border-line py-1.5 last:border-0">
            <bdi className="min-w-0 flex-1 truncate">{each.name}</bdi>
            <time className="text-sm text-ink-2" title={formatMoment(at(each) ?? 0)}>
              {formatRunTime(at(each) ?? 0, now)}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Times({ details }: { details: Details }) {
  return (
    <>
      {details.edited_at !== null && <Line name={t`Edited`}>{formatMoment(details.edited_at)}</Line>}
      {details.deleted_at !== null && <Line name={t`Deleted`}>{formatMoment(details.deleted_at)}</Line>}
    </>
  );
}

function Edits({ message }: { message: Message }) {
  return (
    <section className="mt-4">
      <h3 className="text-sm font-semibold text-ink-2">
        <Trans>What it said before</Trans>
      </h3>
      <EditList edits={message.edits} />
    </section>
  );
}

/** As the platform said it, for who wants to know. */
function Raw({ json, open }: { json: string; open: boolean }) {
  const pretty = useMemo(() => {
    try {
      return JSON.stringify(JSON.parse(json), null, 2);
    } catch {
      return json;
    }
  }, [json]);
  return (
    <details className="mt-4" open={open} data-testid="raw">
      <summary className="text-sm font-semibold text-ink-2">
        <Trans>As it came from the platform</Trans>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="raw" dir="ltr" tabIndex={0}>
        {pretty}
      </pre>
      <button type="button" className="link text-sm" onClick={() => void copyText(pretty)}>
        <Trans>Copy</Trans>
      </button>
    </details>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

function Code({ name, code }: { name: string; code: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="font-mono text-[12px]" dir="ltr">
        {code}
      </dd>
    </div>
  );
}

function kindWords({ kind, unknown_kind }: Message): string {
  if (kind === "text") return t`Text`;
  if (kind === "system") return t`A line of the platform`;
  return kindName(kind)?.words ?? unknown_kind ?? t`Unknown`;
}

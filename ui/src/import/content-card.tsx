import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { formatCount, formatDate } from "../app/format";
import type { ImportPreview } from "../bindings";

/** How much is in the files, and what of it would be new. */
export function ContentCard({ preview }: { preview: ImportPreview }) {
  const { messages, known, changed, conflicting, refused } = preview;
  return (
    <section className="card" aria-label={t`In these files`} data-testid="import-content">
      <header>
        <h2>
          <Trans>In these files</Trans>
        </h2>
      </header>
      <dl className="nums">
        <Figure words={t`messages`} value={messages} testId="import-messages" />
        <Figure words={t`chats`} value={preview.chats_total} testId="import-chats-total" />
        <Figure words={t`people`} value={preview.people} />
        <Figure words={t`photos and files`} value={preview.attachments} />
      </dl>
      {preview.first_at !== null && preview.last_at !== null && (
        <p className="mt-3.5 text-sm text-ink-2" data-testid="import-period">
          {period(preview.first_at, preview.last_at)}
        </p>
      )}
      {preview.attachments_missing > 0 && (
        <p className="mt-1 text-sm text-ink-2" data-testid="import-missing">
          <Plural
            value={preview.attachments_missing}
            one="# photo or file is named in a message and not among the files; it can be added by a later import."
            other="# photos and files are named in messages and not among the files; they can be added by a later import."
          />
        </p>
      )}
      {messages > 0 && (
        <ul
          className="mt-3.5 flex flex-col gap-1.5 border-t border-line pt-3.5 text-sm"
          data-testid="import-effect"
        >
          <Effect tone="bg-accent" count={preview.new} testId="import-new">
            <Plural value={preview.new} one="# message is new" other="# messages are new" />
          </Effect>
          {known > 0 && (
            <Effect tone="bg-line-strong" count={known} testId="import-known">
              <Plural value={known} one="# is here already" other="# are here already" />
            </Effect>
          )}
          {changed > 0 && (
            <Effect tone="bg-good" count={changed} testId="import-changed">
              <Plural
                value={changed}
                one="# is here and gets something that was missing"
                other="# are here and get something that was missing"
              />
            </Effect>
          )}
          {conflicting > 0 && (
            <Effect tone="bg-warn" count={conflicting} testId="import-conflicting">
              <Plural
                value={conflicting}
                one="# of them has another text here; the better source wins"
                other="# of them have another text here; the better source wins"
              />
            </Effect>
          )}
          {refused > 0 && (
            <Effect tone="bg-warn" count={refused} testId="import-refused">
              <Plural value={refused} one="# cannot be taken" other="# cannot be taken" />
            </Effect>
          )}
        </ul>
      )}
    </section>
  );
}

export function period(first: number, last: number): string {
  const [from, to] = [formatDate(first), formatDate(last)];
  return from === to ? from : t`${from} – ${to}`;
}

function Figure({ words, value, testId }: { words: string; value: number; testId?: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-ink-2">{words}</dt>
      <dd className="text-xl font-[620]" data-testid={testId} data-value={value}>
        {formatCount(value)}
      </dd>
    </div>
  );
}

function Effect({
  tone,
  count,
  testId,
  children,
}: {
  tone: string;
  count: number;
  testId: string;
  children: ReactNode;
}) {
  return (
    <li className="flex items-start gap-2.5" data-testid={testId} data-value={count}>
      <span className={`mt-1.5 size-2 flex-none rounded-full ${tone}`} aria-hidden="true" />
      <span>{children}</span>
    </li>
  );
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatSince } from "../app/format";
import { statsQuery } from "../app/queries";
import { useNow } from "../parts/use-now";
import type { Answer } from "./finding";
import { pieces } from "./query";
import { Understood } from "./understood";

const EXAMPLES: readonly (readonly [string, MessageDescriptor])[] = [
  ["train friday", msg`both words, anywhere in a message or in a file's name`],
  ['"see you"', msg`these words, one behind the other`],
  ["tomorrow OR tonight", msg`one of them`],
  ["train -late", msg`the one without the other`],
  ["from:me has:link", msg`links that you sent`],
  [`has:document on:${new Date().getFullYear() - 1}`, msg`files of one year`],
  ["is:starred", msg`what you marked`],
];

/** The page before anything was typed: what one can type, ready to be tried. */
export function NothingTyped({ onTry }: { onTry: (text: string) => void }) {
  return (
    <section aria-label={t`What one can type`} data-testid="search-examples">
      <p className="mt-4 mb-4 text-lg narrow:text-md">
        <Trans>Find any message by its words, in any script, with or without accents.</Trans>
      </p>
      <ul className="card p-2!">
        {EXAMPLES.map(([text, meaning]) => (
          <li key={text}>
            <button
              type="button"
              data-testid="search-example"
              className="flex w-full flex-wrap items-baseline gap-x-4 rounded-[10px] px-3 py-2 text-start hover:bg-sunken"
              onClick={() => onTry(text)}
            >
              <span className="w-56 flex-none font-mono text-sm text-accent">{text}</span>
              <span className="min-w-0 text-ink-2 narrow:basis-full">{i18n._(meaning)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A filter was begun and has no value yet. */
export function Unfinished({ text }: { text: string }) {
  const name = pieces(text).find((piece) => piece.type === "unfinished")?.name ?? "";
  const hints: Readonly<Record<string, string>> = {
    from: t`Go on with a name, or with “me”.`,
    in: t`Go on with the name of a chat.`,
    account: t`Go on with the name of an account.`,
    has: t`Go on with what it brings: link, photo, video, voice, document, media.`,
    type: t`Go on with a kind: image, video, voice, document, poll …`,
    is: t`Go on with starred, forwarded or sent.`,
  };
  const hint = hints[name] ?? t`Go on with a day, a month or a year: 2024-05-31, 2024-05, 2024, today.`;
  return <p className="pt-4 text-ink-2">{name === "" ? t`Type a word.` : hint}</p>;
}

/** Says what was looked for, so that one sees what to let go of. */
export function NothingFound({ answer, onTry }: { answer: Answer; onTry: (text: string) => void }) {
  const { text, unknown, behind } = answer;
  const asked = pieces(text);
  const isNarrowed = asked.some(
    (piece) => piece.type === "filter" || piece.type === "phrase" || piece.without,
  );
  const plain = asked
    .filter((piece) => (piece.type === "word" || piece.type === "phrase") && !piece.without)
    .map((piece) => piece.text)
    .join(" ");
  return (
    <section aria-label={t`Nothing found`} data-testid="search-none" className="pt-4">
      <h2 className="mb-2 text-lg font-semibold">
        {behind > 0 ? t`Nothing found so far` : t`Nothing found`}
      </h2>
      <div className="mb-3 text-ink-2">
        <p className="mb-1">
          <Trans>Looked for messages</Trans>
        </p>
        <Understood text={text} />
      </div>
      {unknown.map((name) => (
        <p key={name} className="mb-3">
          <Trans>
            Nobody and nothing here is called “<bdi className="wrap-anywhere">{name}</bdi>”.
          </Trans>
        </p>
      ))}
      {plain !== "" && isNarrowed && (
        <button type="button" className="btn" onClick={() => onTry(plain)}>
          <Trans>Look for the words alone</Trans>
        </button>
      )}
    </section>
  );
}

/** There is nothing to look through: where it comes from. */
export function NothingHere() {
  return (
    <section aria-label={t`No messages`} data-testid="search-no-messages" className="pt-4">
      <h2 className="mb-2 text-lg font-semibold">
        <Trans>No messages to look through yet</Trans>
      </h2>
      <p className="mb-3 text-ink-2">
        <Trans>Nothing has been brought to this computer so far.</Trans>
      </p>
      <Link to="/sync" className="btn">
        <Trans>Go to Sync</Trans>
      </Link>
    </section>
  );
}

/** What the hits were looked for in. */
export function Searched() {
  const { data } = useQuery(statsQuery);
  const now = useNow();
  if (data === undefined) return null;
  return (
    <span data-testid="searched">
      {plural(data.messages, { one: "# message on this computer", other: "# messages on this computer" })}
      {data.last_sync_at !== null && (
        <>
          {" · "}
          <Trans>last synced {formatSince(data.last_sync_at, now)}</Trans>
        </>
      )}
    </span>
  );
}

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { call, toAppError } from "../app/call";
import { formatList, formatMoment, formatRunTime } from "../app/format";
import { type Account, commands, type Import, type ImportState } from "../bindings";
import { accountName } from "../parts/account-names";
import { Confirm } from "../parts/confirm";
import { ErrorNote } from "../parts/error-note";
import { useNow } from "../parts/use-now";
import { formatName } from "./formats";
import { importsQuery } from "./queries";

const STATES: Readonly<Record<ImportState, { words: MessageDescriptor; tone: string } | null>> = {
  complete: null,
  running: { words: msg`cut short`, tone: "text-warn" },
  cancelled: { words: msg`stopped`, tone: "text-warn" },
  undoing: { words: msg`not wholly taken back`, tone: "text-warn" },
  undone: { words: msg`taken back`, tone: "text-ink-2" },
};

/** The imports of all accounts, newest first, each with the way to take it back. */
export function Earlier({ accounts, disabled }: { accounts: readonly Account[]; disabled: boolean }) {
  const now = useNow();
  const lists = useQueries({ queries: accounts.map(({ id }) => importsQuery(id)) });
  const imports = lists.flatMap((list) => list.data ?? []).sort((a, b) => b.begun_at - a.begun_at);
  const fault = lists.find((list) => list.isError)?.error;
  if (imports.length === 0 && fault === undefined) return null;
  return (
    <section className="card" aria-label={t`Earlier imports`} data-testid="import-earlier">
      <header>
        <h2>
          <Trans>Earlier imports</Trans>
        </h2>
      </header>
      {fault !== undefined && fault !== null && <ErrorNote fault={toAppError(fault)} />}
      <ul>
        {imports.map((each) => (
          <Row
            key={`${each.account_id} ${each.id}`}
            entry={each}
            account={accounts.find(({ id }) => id === each.account_id)}
            several={accounts.length > 1}
            now={now}
            disabled={disabled}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({
  entry,
  account,
  several,
  now,
  disabled,
}: {
  entry: Import;
  account: Account | undefined;
  several: boolean;
  now: number;
  disabled: boolean;
}) {
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => call(commands.importUndo(entry.account_id, entry.id)),
    onSettled: () => client.invalidateQueries(),
  });
  const name = formatList(entry.files.slice(0, 3), "unit");
  const more = entry.files.length - 3;
  const state = undo.isPending ? null : STATES[entry.state];
  const facts = [
    formatRunTime(entry.begun_at, now),
    ...entry.formats.map(formatName),
    several && account !== undefined ? accountName(account) : "",
    plural(entry.saved, { one: "# new row", other: "# new rows" }),
  ];
  return (
    <li
      data-testid="import-entry"
      data-state={entry.state}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-2.5 text-sm first:border-0 first:pt-0 last:pb-0"
    >
      <div className="min-w-0 flex-1 basis-56">
        <bdi className="line-clamp-2 font-semibold wrap-anywhere" title={entry.files.join("\n")}>
          {name}
          {more > 0 && ` ${plural(more, { one: "and # more", other: "and # more" })}`}
        </bdi>
        <span className="block text-ink-2" title={formatMoment(entry.begun_at)}>
          <bdi>{facts.filter(Boolean).join(" · ")}</bdi>
          {state !== null && (
            <>
              {" · "}
              <span className={state.tone}>{i18n._(state.words)}</span>
            </>
          )}
        </span>
      </div>
      {undo.isPending ? (
        <span role="status" className="text-ink-2">
          <Trans>Taking it back…</Trans>
        </span>
      ) : (
        entry.state !== "undone" && (
          <Confirm
            trigger={
              <button
                type="button"
                data-testid="import-undo"
                className="btn small"
                disabled={disabled}
                aria-label={t`Undo the import of ${name}`}
              >
                <Trans>Undo…</Trans>
              </button>
            }
            title={t`Take this import back?`}
            action={t`Take it back`}
            onConfirm={() => undo.mutate()}
          >
            <Trans>
              What only <bdi className="font-semibold wrap-anywhere">{name}</bdi> has brought goes. What is
              known from elsewhere too stays, and the files themselves are not touched.
            </Trans>
          </Confirm>
        )
      )}
      {undo.isError && (
        <div className="basis-full">
          <ErrorNote
            fault={toAppError(undo.error)}
            onRetry={() => undo.mutate()}
            testId="import-undo-error"
          />
        </div>
      )}
    </li>
  );
}

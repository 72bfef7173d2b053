import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { formatBytes, formatCount, formatDuration } from "../app/format";
import {
  type AccountProgress,
  barState,
  fraction,
  NO_STAGES,
  overallRate,
  percent,
  STAGES,
  type Stage,
  timeLeft,
} from "./progress";
import type { SyncState } from "./store";

const NAMES: Readonly<Record<Stage, MessageDescriptor>> = {
  conversations: msg`Conversations`,
  messages: msg`Messages`,
  contacts: msg`Contacts`,
  participants: msg`Participants`,
  media: msg`Media`,
  receipts: msg`Receipts`,
};

/** A screen reader hears of the progress this often, not at every row. */
const SAID_EVERY = 5_000;

/** A bar per stage and one over all, from the words of the engine. */
export function ProgressCard({
  sync,
  nameOf,
}: {
  sync: SyncState;
  nameOf: (id: string) => string | undefined;
}) {
  const { phase, progress, startedAt } = sync;
  const spoken = useSpoken(sync);
  if (phase === "idle" && progress.accounts.size === 0) return null;
  const accounts: [string, AccountProgress][] =
    progress.accounts.size === 0 ? [["", NO_STAGES]] : [...progress.accounts];
  const running = phase !== "idle";
  const whole = percent(progress.overallDone, progress.overallTotal);
  const succeeded =
    !running && sync.error === null && (sync.reports?.every((each) => each.outcome === "completed") ?? false);
  return (
    <section aria-label={t`Progress`} aria-busy={running} className="card">
      {accounts.map(([id, account], index) => (
        <div key={id} className={index > 0 ? "mt-4 border-t border-line pt-4" : ""}>
          <header className="card-title flex-wrap justify-between gap-y-0.5">
            <h2>{nameOf(id) ?? (running ? t`Starting…` : t`Progress`)}</h2>
            {index === 0 && (
              <small className="text-sm text-ink-2">{running ? speed(sync) : took(sync)}</small>
            )}
          </header>
          {running && account.retryAt !== null && <NextTry at={account.retryAt} />}
          <SnapshotRow account={account} />
          {STAGES.map((stage) => (
            <StageRow
              key={stage}
              stage={stage}
              account={account}
              stopped={!running && !account.finished}
              succeeded={succeeded}
            />
          ))}
        </div>
      ))}
      <div data-testid="stage-overall" className="stage-row mt-2 border-t border-line pt-3.5 font-semibold">
        <span>{t`All`}</span>
        <Bar
          label={t`All`}
          done={progress.overallDone}
          total={progress.overallTotal}
          state={succeeded ? "done" : running ? "active" : "waiting"}
          text={
            whole === null ? plural(progress.overallDone, { one: "# row", other: "# rows" }) : t`${whole} %`
          }
        />
        <span className="text-end font-normal text-ink-2">
          {whole === null ? t`${formatCount(progress.overallDone)} so far` : t`${whole} %`}
          <TimeLeft
            running={running}
            ms={timeLeft(progress, startedAt, progress.samples.at(-1)?.at ?? startedAt)}
          />
        </span>
      </div>
      <p role="status" className="sr-only">
        {spoken}
      </p>
    </section>
  );
}

function StageRow({
  stage,
  account,
  stopped,
  succeeded,
}: {
  stage: Stage;
  account: AccountProgress;
  stopped: boolean;
  succeeded: boolean;
}) {
  const name = i18n._(NAMES[stage]);
  const own = account.stages.get(stage);
  const bar = barState(account, stage);
  const done = own?.done ?? 0;
  const total = own?.total ?? (bar === "done" && own !== undefined ? own.done : null);
  let text: string;
  if (own === undefined)
    text = bar === "done" ? (succeeded ? t`nothing new` : "–") : stopped ? t`not begun` : t`waiting`;
  else if (total === null) text = formatCount(done);
  else if (total === 0) text = t`nothing new`;
  else text = t`${formatCount(done)} of ${formatCount(total)}`;
  return (
    <div data-testid={`stage-${stage}`} data-state={bar} className="stage-row">
      <span>{name}</span>
      <Bar label={name} done={done} total={own === undefined ? null : total} state={bar} text={text} />
      <span className="text-end text-ink-2">{text}</span>
    </div>
  );
}

/** Everything at one go, before what came later is pulled; only where the server has it so. */
function SnapshotRow({ account }: { account: AccountProgress }) {
  const { snapshot, stage, finished } = account;
  if (snapshot === null) return null;
  const { done, total } = snapshot;
  const isHere = done >= total;
  const isChecked = finished || stage !== null;
  const text = isHere && !isChecked ? t`checking it` : t`${formatBytes(done)} of ${formatBytes(total)}`;
  const label = t`All at once`;
  return (
    <div data-testid="stage-snapshot" data-state={isChecked ? "done" : "active"} className="stage-row">
      <span>{label}</span>
      <Bar label={label} done={done} total={total} state={isHere ? "done" : "active"} text={text} />
      <span className="text-end text-ink-2">{text}</span>
    </div>
  );
}

/** A true bar. One whose total nobody knows sways while it is worked on, and says only what has come. */
function Bar({
  label,
  done,
  total,
  state,
  text,
}: {
  label: string;
  done: number;
  total: number | null;
  state: "waiting" | "active" | "done";
  text: string;
}) {
  const part = state === "done" ? 1 : fraction(done, total);
  const unknown = part === null && state === "active";
  const known =
    total !== null ? { "aria-valuenow": Math.min(done, Math.max(total, 0)), "aria-valuemax": total } : {};
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuetext={text}
      {...known}
      className="bar-track"
    >
      <div
        className={`bar-fill ${unknown ? "unknown" : ""} ${state === "done" ? "full" : ""}`}
        style={unknown ? undefined : { width: `${(part ?? 0) * 100}%` }}
      />
    </div>
  );
}

function TimeLeft({ running, ms }: { running: boolean; ms: number | null }) {
  if (!running || ms === null) return null;
  const left = formatDuration(Math.max(1_000, Math.ceil(ms / 1_000) * 1_000));
  return (
    <>
      {" · "}
      <Trans>{left} left</Trans>
    </>
  );
}

/** The server is silent: what is safe, and when it is asked again. */
function NextTry({ at }: { at: number }) {
  const [left, setLeft] = useState(at - Date.now());
  useEffect(() => {
    const look = () => setLeft(at - Date.now());
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [at]);
  const seconds = Math.ceil(left / 1_000);
  return (
    <p data-testid="sync-retry" className="mb-2 rounded-[10px] bg-warn-soft px-3 py-2 text-sm">
      <Trans>
        <strong className="font-semibold">The server does not answer.</strong> Nothing was lost.
      </Trans>{" "}
      {seconds > 0 ? t`Next try in ${seconds} s.` : t`Trying again…`}
    </p>
  );
}

function speed(sync: SyncState): string {
  if (sync.phase === "cancelling") return t`Stopping after this page…`;
  const rate = overallRate(sync.progress);
  return rate === null ? "" : t`${formatCount(Math.round(rate))} rows/s`;
}

function took(sync: SyncState): string {
  const seconds = Math.max(0, ...(sync.reports ?? []).map((report) => report.seconds));
  return seconds > 0 ? formatDuration(seconds * 1_000) : "";
}

/** The progress in words, renewed seldom. */
function useSpoken(sync: SyncState): string {
  const latest = useRef(sync);
  latest.current = sync;
  const [words, setWords] = useState("");
  const running = sync.phase !== "idle";
  useEffect(() => {
    if (!running) {
      setWords("");
      return;
    }
    const timer = setInterval(() => {
      const { progress } = latest.current;
      const part = percent(progress.overallDone, progress.overallTotal);
      setWords(
        part === null
          ? plural(progress.overallDone, { one: "Syncing, # row", other: "Syncing, # rows" })
          : t`Syncing, ${part} percent`,
      );
    }, SAID_EVERY);
    return () => clearInterval(timer);
  }, [running]);
  return words;
}

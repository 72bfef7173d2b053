import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { formatBytes, formatCount } from "../app/format";
import { commands, type Stats } from "../bindings";
import { notify } from "../parts/notice";

/** What is on this computer, how much room it takes, and where it is. */
export function StatsCard({ stats }: { stats: Stats | undefined }) {
  const count = (value: number | undefined) => (value === undefined ? "–" : formatCount(value));
  const size = (value: number | undefined) => (value === undefined ? "–" : formatBytes(value));
  const mirror = stats === undefined ? undefined : stats.bytes.mirror + stats.bytes.wal;
  return (
    <section className="card" aria-label={t`On this computer`}>
      <header>
        <h2>
          <Trans>On this computer</Trans>
        </h2>
      </header>
      <dl className="nums">
        <Figure
          words={t`conversations`}
          value={count(stats?.conversations)}
          testId="stats-conversations"
          exact={stats?.conversations}
        />
        <Figure
          words={t`messages`}
          value={count(stats?.messages)}
          testId="stats-messages"
          exact={stats?.messages}
        />
        <Figure
          words={t`contacts`}
          value={count(stats?.contacts)}
          testId="stats-contacts"
          exact={stats?.contacts}
        />
        <Figure words={t`mirror`} value={size(mirror)} testId="stats-mirror" exact={mirror} />
        <Figure
          words={t`search index`}
          value={size(stats?.bytes.search)}
          testId="stats-search"
          exact={stats?.bytes.search}
        />
        <Figure
          words={t`media`}
          value={size(stats?.bytes.media)}
          testId="stats-media"
          exact={stats?.bytes.media}
        />
      </dl>
      {stats !== undefined && (
        <>
          <p className="mt-3.5 text-sm text-ink-2">
            {[
              plural(stats.participants, { one: "# place in a group", other: "# places in groups" }),
              plural(stats.media, { one: "# file", other: "# files" }),
              plural(stats.receipts, { one: "# receipt", other: "# receipts" }),
            ].join(" · ")}
          </p>
          <Path path={stats.path} />
        </>
      )}
    </section>
  );
}

function Figure({
  words,
  value,
  testId,
  exact,
}: {
  words: string;
  value: string;
  testId: string;
  exact: number | undefined;
}) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-sm text-ink-2">{words}</dt>
      <dd
        data-testid={testId}
        data-value={exact}
        className="text-[22px] leading-tight font-[650] tracking-[-0.01em]"
      >
        {value}
      </dd>
    </div>
  );
}

function Path({ path }: { path: string }) {
  const [copied, setCopied] = useState(false);
  const fail = (fault: unknown) => notify(brief(toAppError(fault)));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(path);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      notify(t`The path could not be copied; it can be selected and copied by hand.`);
    }
  };
  return (
    <div className="mt-3 flex items-baseline gap-3 rounded-[8px] bg-sunken px-2.5 py-1.5 font-mono text-[12px] text-ink-2">
      <span
        data-testid="stats-path"
        title={path}
        className="min-w-0 flex-1 wrap-anywhere select-text"
        dir="ltr"
      >
        {parts(path)}
      </span>
      <span className="flex flex-none items-center gap-2">
        <button type="button" className="link min-h-6" onClick={copy}>
          {copied ? t`Copied` : t`Copy`}
        </button>
        <span aria-hidden="true">·</span>
        <button
          type="button"
          className="link min-h-6"
          onClick={() => void call(commands.dataFolderShow()).catch(fail)}
        >
          <Trans>Show</Trans>
        </button>
      </span>
    </div>
  );
}

/** A path that is cut into lines behind its folders' names, not within them. */
function parts(path: string): ReactNode[] {
  return path.split(/(?<=[/\\])/).flatMap((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the folders of one path never move
    return [<wbr key={index} />, part];
  });
}

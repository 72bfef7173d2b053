import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { formatCount } from "../app/format";
import type { ImportPreview } from "../bindings";
import { CoreWords } from "../parts/core-words";

/** What nobody understands yet, and what cannot be read: counted, and named for whoever wants to know. */
export function Oddities({ preview }: { preview: ImportPreview }) {
  const { unknown, faults, faults_total, skipped } = preview;
  const strange = unknown.reduce((sum, { count }) => sum + count, 0);
  if (strange === 0 && faults_total === 0 && skipped === 0) return null;
  return (
    <section
      className="card flex flex-col gap-3 text-sm"
      aria-label={t`Left over`}
      data-testid="import-oddities"
    >
      {faults_total > 0 && (
        <More
          testId="import-faults"
          words={
            <Plural
              value={faults_total}
              one="# place cannot be read and is left out"
              other="# places cannot be read and are left out"
            />
          }
        >
          {faults.map(({ file, place, reason }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: faults have no other name, and the list does not change
            <li key={at} className="wrap-anywhere">
              <bdi>{file}</bdi>
              {", "}
              <Trans>place {formatCount(place)}</Trans>: <CoreWords message={reason} />
            </li>
          ))}
        </More>
      )}
      {strange > 0 && (
        <More
          testId="import-unknown"
          words={
            <Plural
              value={strange}
              one="# thing is not understood yet and kept as it is"
              other="# things are not understood yet and kept as they are"
            />
          }
        >
          {unknown.map(({ what, count }) => (
            <li key={what} className="flex justify-between gap-4">
              <bdi className="min-w-0 wrap-anywhere">{what}</bdi>
              <span className="flex-none text-ink-2">{formatCount(count)}</span>
            </li>
          ))}
        </More>
      )}
      {skipped > 0 && (
        <p className="text-ink-2">
          <Plural
            value={skipped}
            one="# entry of the platform’s own bookkeeping is left out."
            other="# entries of the platform’s own bookkeeping are left out."
          />
        </p>
      )}
    </section>
  );
}

function More({ words, testId, children }: { words: ReactNode; testId: string; children: ReactNode }) {
  return (
    <details data-testid={testId}>
      <summary className="min-h-6 font-semibold">{words}</summary>
      <ul className="mt-2 flex max-h-60 flex-col gap-1.5 overflow-y-auto select-text">{children}</ul>
    </details>
  );
}

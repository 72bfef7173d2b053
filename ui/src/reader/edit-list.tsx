import { Trans } from "@lingui/react/macro";
import { formatMoment } from "../app/format";
import type { Edit } from "../bindings";

/** What a message said before, oldest first. */
export function EditList({ edits }: { edits: readonly Edit[] }) {
  return (
    <ol>
      {edits.map((edit) => (
        <li key={`${edit.at} ${edit.text}`} className="border-t border-line py-1.5 first:border-0">
          <span className="block whitespace-pre-wrap wrap-anywhere select-text" dir="auto">
            {edit.text}
          </span>
          <span className="text-xs text-ink-2">
            <Trans>until {formatMoment(edit.at)}</Trans>
          </span>
        </li>
      ))}
    </ol>
  );
}

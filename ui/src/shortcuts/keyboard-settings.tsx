import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useKept } from "../app/kept";
import { Toggle } from "../settings/toggle";
import { openSheet } from "./sheet";
import { singleKeys } from "./single-keys";

/** What can be chosen about the keys. */
export function KeyboardSettings() {
  const on = useKept(singleKeys);
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="w-full">
        <Toggle
          name={t`Shortcuts of a single sign`}
          about={t`Such as “?” for the list of shortcuts. Switch them off if they are set off by accident, by speech input for instance; all they do has other keys too.`}
          checked={on}
          onChange={singleKeys.write}
          testId="single-keys"
        />
      </div>
      <button type="button" className="btn" onClick={() => openSheet()}>
        <Trans>Show all shortcuts</Trans>
      </button>
    </div>
  );
}

import { Trans } from "@lingui/react/macro";
import { focusContent } from "./panes";

/** The first stop of the Tab key: past the rail and the list, to what the page is about. */
export function Skip() {
  return (
    <button type="button" data-testid="skip" className="skip btn primary" onClick={focusContent}>
      <Trans>Skip to the content</Trans>
    </button>
  );
}

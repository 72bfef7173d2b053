import { i18n } from "@lingui/core";
import { brief, sentence } from "../app/errors";

/** The core's own sentence, which knows the address or the file: English in every language of the window. */
export function CoreWords({ message }: { message: string }) {
  return (
    <bdi lang="en" dir="ltr" className="wrap-anywhere">
      {sentence(message)}
    </bdi>
  );
}

/** What went wrong in the language of the window; where that is not the core's, its own sentence stands behind it. */
export function Told({ fault }: { fault: { code: string; message: string } }) {
  if (i18n.locale === "en") return brief(fault);
  return (
    <>
      {brief(fault)} <CoreWords message={fault.message} />
    </>
  );
}

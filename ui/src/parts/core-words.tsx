import { sentence } from "../app/errors";

/** The core's own sentence, which knows the address or the file: English in every language of the window. */
export function CoreWords({ message }: { message: string }) {
  return (
    <bdi lang="en" dir="ltr" className="wrap-anywhere">
      {sentence(message)}
    </bdi>
  );
}

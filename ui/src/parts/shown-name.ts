import { t } from "@lingui/core/macro";

/** A name as it can be seen: whoever calls themselves by nothing but blanks has none. */
export function shownName(name: string, otherwise = t`Without a name`): string {
  return /[^\p{Cc}\p{Cf}\p{Z}\p{M}\u2800\u3164\uFFA0]/u.test(name) ? name : otherwise;
}

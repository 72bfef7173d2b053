import { i18n } from "@lingui/core";
import type { TransRenderProps } from "@lingui/react";
import { TransNoContext } from "@lingui/react/server";
import type { ComponentType, ReactNode } from "react";

type Props = {
  id: string;
  message?: string;
  values?: Record<string, unknown>;
  components?: Record<string, ReactNode>;
  component?: ComponentType<TransRenderProps> | null;
};

/** What `<Trans>` of the macro becomes. It needs no provider: the whole window is drawn anew in another language. */
export function Trans({ values, ...props }: Props) {
  return <TransNoContext {...props} values={values && asData(values)} lingui={{ i18n }} />;
}

/** A name may hold what looks like a place for an element, `<0>`: as a node of its own it stays a name. */
function asData(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" && value.includes("<") ? [value] : value,
    ]),
  );
}

import { Radio } from "@base-ui/react/radio";
import type { ReactNode } from "react";

/** One of several, in a `RadioGroup`. */
export function Choice({ value, name, about }: { value: string; name: ReactNode; about?: string }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
    <label className="flex min-h-6 items-start gap-2">
      <Radio.Root
        value={value}
        data-testid={`choice-${value}`}
        className="mt-[calc((1lh-1.125rem)/2)] grid size-4.5 flex-none place-items-center rounded-full border-[1.5px] border-ink-3 data-checked:border-accent"
      >
        <Radio.Indicator className="size-2.25 rounded-full bg-accent" />
      </Radio.Root>
      <span>
        {name}
        {about !== undefined && <span className="block text-sm text-ink-2">{about}</span>}
      </span>
    </label>
  );
}

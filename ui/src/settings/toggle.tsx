import { Switch } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";

/** One choice between yes and no, with what it means. */
export function Toggle({
  name,
  about,
  checked,
  onChange,
  disabled = false,
  testId,
  children,
}: {
  name: string;
  about: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  testId?: string | undefined;
  children?: ReactNode;
}) {
  const described = useId();
  return (
    <div>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="flex min-h-6 items-center justify-between gap-4">
        <span className="font-semibold">{name}</span>
        <Switch.Root
          checked={checked}
          disabled={disabled}
          data-testid={testId}
          onCheckedChange={onChange}
          aria-describedby={described}
          className="flex h-5.5 items-center w-9.5 flex-none rounded-full border-[1.5px] border-ink-3 bg-sunken transition-colors data-checked:border-accent data-checked:bg-accent"
        >
          <Switch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-ink-3 transition-transform data-checked:translate-x-[19px] rtl:-translate-x-0.5 rtl:data-checked:-translate-x-[19px] data-checked:bg-accent-ink" />
        </Switch.Root>
      </label>
      <p id={described} className="max-w-[52ch] text-sm text-ink-2">
        {about}
      </p>
      {children}
    </div>
  );
}

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../app/theme";

const CHOICES: readonly { value: ThemeChoice; name: string }[] = [
  { value: "system", name: "Like the system" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
];

/** Light, dark, or whatever the system has, at once. */
export function Appearance() {
  const choice = useThemeChoice();
  return (
    <RadioGroup
      aria-label="Colours"
      value={choice}
      onValueChange={(value) => chooseTheme(value as ThemeChoice)}
      className="flex flex-wrap gap-x-6 gap-y-2"
    >
      {CHOICES.map(({ value, name }) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
        <label key={value} className="flex min-h-6 items-center gap-2">
          <Radio.Root
            value={value}
            className="grid size-4.5 place-items-center rounded-full border-[1.5px] border-ink-3 data-checked:border-accent"
          >
            <Radio.Indicator className="size-2.25 rounded-full bg-accent" />
          </Radio.Root>
          {name}
        </label>
      ))}
    </RadioGroup>
  );
}

import { RadioGroup } from "@base-ui/react/radio-group";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../app/theme";
import { Choice } from "../parts/choice";

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
        <Choice key={value} value={value} name={name} />
      ))}
    </RadioGroup>
  );
}

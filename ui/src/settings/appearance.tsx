import { RadioGroup } from "@base-ui/react/radio-group";
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../app/theme";
import { Choice } from "../parts/choice";

const CHOICES: readonly { value: ThemeChoice; name: MessageDescriptor }[] = [
  { value: "system", name: msg`Like the system` },
  { value: "light", name: msg`Light` },
  { value: "dark", name: msg`Dark` },
];

/** Light, dark, or whatever the system has, at once. */
export function Appearance() {
  const choice = useThemeChoice();
  return (
    <RadioGroup
      aria-label={t`Colours`}
      value={choice}
      onValueChange={(value) => chooseTheme(value as ThemeChoice)}
      className="flex flex-wrap gap-x-6 gap-y-2"
    >
      {CHOICES.map(({ value, name }) => (
        <Choice key={value} value={value} name={i18n._(name)} />
      ))}
    </RadioGroup>
  );
}

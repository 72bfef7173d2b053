import { RadioGroup } from "@base-ui/react/radio-group";
import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { chooseLook, LOOKS, type Look, type LookChoice, useLook } from "../app/look";
import { chooseLanguage, LANGUAGES, type LanguageChoice, useLanguage } from "../i18n/language";
import { Choice } from "../parts/choice";

const NAMES: { [L in Look]: { name: MessageDescriptor; choices: Record<LookChoice<L>, MessageDescriptor> } } =
  {
    theme: {
      name: msg`Colours`,
      choices: { system: msg`Like the system`, light: msg`Light`, dark: msg`Dark` },
    },
    contrast: {
      name: msg`Contrast`,
      choices: { system: msg`Like the system`, usual: msg`Usual`, more: msg`High` },
    },
    text: {
      name: msg`Text size`,
      choices: { small: msg`Small`, usual: msg`Usual`, large: msg`Large`, larger: msg`Very large` },
    },
    density: {
      name: msg`Density`,
      choices: { comfortable: msg`Comfortable`, compact: msg`Compact` },
    },
  };

const SIZES = ["small", "usual", "large", "larger"] as const;

/** Language, colours, contrast, sizes: all of it at once, none of it asks for a restart. */
export function Appearance() {
  return (
    <div className="flex flex-col gap-4">
      <Language />
      <LookRow look="theme" choices={LOOKS.theme} />
      <LookRow look="contrast" choices={LOOKS.contrast} />
      <LookRow look="text" choices={SIZES} />
      <LookRow look="density" choices={LOOKS.density} />
    </div>
  );
}

function LookRow<L extends Look>({ look, choices }: { look: L; choices: readonly LookChoice<L>[] }) {
  const choice = useLook(look);
  const names = NAMES[look];
  return (
    <Row
      name={i18n._(names.name)}
      value={choice}
      choices={choices.map((value) => ({ value, name: i18n._(names.choices[value]) }))}
      onChoose={(value) => chooseLook(look, value as LookChoice<L>)}
    />
  );
}

function Language() {
  const { choice } = useLanguage();
  return (
    <Row
      name={t`Language`}
      value={choice}
      choices={[
        { value: "system", name: t`Like the system` },
        ...LANGUAGES.map(({ language, name }) => ({ value: language, name })),
      ]}
      onChoose={(value) => void chooseLanguage(value as LanguageChoice)}
    />
  );
}

function Row({
  name,
  value,
  choices,
  onChoose,
}: {
  name: string;
  value: string;
  choices: readonly { value: string; name: string }[];
  onChoose: (value: string) => void;
}) {
  return (
    <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 narrow:grid-cols-1">
      <span className="font-semibold" aria-hidden="true">
        {name}
      </span>
      <RadioGroup
        aria-label={name}
        value={value}
        onValueChange={(chosen) => onChoose(String(chosen))}
        className="flex flex-wrap gap-x-6 gap-y-2"
      >
        {choices.map((each) => (
          <Choice key={each.value} value={each.value} name={each.name} />
        ))}
      </RadioGroup>
    </div>
  );
}

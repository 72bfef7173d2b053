import { RadioGroup } from "@base-ui/react/radio-group";
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { useState } from "react";
import { Choice } from "../parts/choice";
import { fromField, STEPS, type Step, sinceOf, stepOf, toField } from "./since";

/** How far back all chats are kept: one of a few steps, or from a date on. */
export function HowFar({
  since,
  now,
  onChange,
}: {
  since: number | null;
  now: number;
  onChange: (since: number | null) => void;
}) {
  const [dated, setDated] = useState(false);
  const step: Step = dated ? "date" : stepOf(since, now);
  const choose = (next: Step) => {
    setDated(next === "date");
    if (next === "date") onChange(since ?? sinceOf("year", now));
    else onChange(sinceOf(next, now));
  };
  return (
    <RadioGroup
      aria-label={t`How far back`}
      value={step}
      onValueChange={(value) => choose(value as Step)}
      className="flex flex-wrap gap-x-6 gap-y-2"
    >
      {STEPS.map((each) => (
        <Choice key={each.step} value={each.step} name={i18n._(each.name)} />
      ))}
      <span className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1.5">
        <Choice value="date" name={t`From a date on`} />
        {step === "date" && since !== null && <DateField since={since} onChange={onChange} />}
      </span>
    </RadioGroup>
  );
}

/** A day. What is no day is not taken over, and goes back to the one before when the field is left. */
export function DateField({ since, onChange }: { since: number; onChange: (since: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="date"
      aria-label={t`The first day to keep`}
      data-testid="keep-date"
      className="input min-h-8 w-auto px-2 text-sm"
      min="1970-01-01"
      value={typed ?? toField(since)}
      onChange={(event) => {
        setTyped(event.target.value);
        const day = fromField(event.target.value);
        if (day !== null) onChange(day);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

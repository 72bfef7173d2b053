import { RadioGroup } from "@base-ui/react/radio-group";
import { t } from "@lingui/core/macro";
import { toField } from "../keep/since";
import { Choice } from "../parts/choice";
import type { Period } from "./period";

/** All the time, a while back, or from one day to another. */
export function PeriodChoice({
  period,
  now,
  onChange,
}: {
  period: Period;
  now: number;
  onChange: (period: Period) => void;
}) {
  const choose = (step: Period["step"]) => {
    if (step !== "days") return onChange({ step });
    const year = new Date(now).getFullYear();
    onChange({ step, first: `${year}-01-01`, last: toField(now) });
  };
  return (
    <RadioGroup
      aria-label={t`Of which time`}
      value={period.step}
      onValueChange={(step) => choose(step as Period["step"])}
      className="flex flex-wrap gap-x-6 gap-y-2"
    >
      <Choice value="everything" name={t`All the time`} />
      <Choice value="year" name={t`The last year`} />
      <Choice value="months3" name={t`The last 3 months`} />
      <Choice value="days" name={t`From one day to another`} />
      {period.step === "days" && (
        <span className="flex basis-full flex-wrap items-center gap-3 ps-6.5">
          <Day
            label={t`The first day`}
            testId="export-first-day"
            value={period.first}
            onChange={(first) => onChange({ ...period, first })}
          />
          <span aria-hidden="true" className="text-ink-2 narrow:hidden">
            –
          </span>
          <Day
            label={t`The last day`}
            testId="export-last-day"
            value={period.last}
            onChange={(last) => onChange({ ...period, last })}
          />
        </span>
      )}
    </RadioGroup>
  );
}

function Day({
  label,
  testId,
  value,
  onChange,
}: {
  label: string;
  testId: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <input
      type="date"
      aria-label={label}
      data-testid={testId}
      className="input min-h-8! w-auto! px-2! text-sm"
      min="1970-01-01"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

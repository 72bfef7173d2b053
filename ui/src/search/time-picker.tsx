import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { isDate, values, withFilter, without } from "./query";

/** Today and so on with one click, or between two days, months or years. */
export function TimePicker({
  text,
  onText,
  close,
}: {
  text: string;
  onText: (text: string) => void;
  close: () => void;
}) {
  const bare = (...names: string[]) =>
    without(text, (piece) => piece.type !== "word" && piece.type !== "phrase" && names.includes(piece.name));
  const only = (name: string, value: string) => {
    onText(withFilter(bare("on", "after", "before"), name, value));
    close();
  };
  const edge = (name: "after" | "before", value: string) => {
    const rest = bare("on", name);
    onText(value === "" ? rest : withFilter(rest, name, value));
  };
  const now = new Date();
  const presets: readonly (readonly [string, string, string])[] = [
    [t`Today`, "on", "today"],
    [t`Yesterday`, "on", "yesterday"],
    [t`The last seven days`, "after", day(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 7))],
    [t`This month`, "on", day(now).slice(0, 7)],
    [t`This year`, "on", String(now.getFullYear())],
  ];
  return (
    <div className="w-64 max-w-full">
      <ul className="-mx-1.5">
        {presets.map(([words, name, value]) => (
          <li key={words}>
            <button type="button" className="choice" onClick={() => only(name, value)}>
              {words}
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-2 grid grid-cols-2 gap-2 border-t border-line pt-2.5">
        <Edge
          name="after"
          label={t`After`}
          value={values(text, "after")[0]?.text ?? ""}
          onValue={(value) => edge("after", value)}
        />
        <Edge
          name="before"
          label={t`Before`}
          value={values(text, "before")[0]?.text ?? ""}
          onValue={(value) => edge("before", value)}
        />
      </div>
      <p className="mt-2 text-xs text-ink-2">
        <Trans>A day, a month or a year, which is left out itself.</Trans>
      </p>
    </div>
  );
}

function Edge({
  name,
  label,
  value,
  onValue,
}: {
  name: "after" | "before";
  label: string;
  value: string;
  onValue: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const text = typed.trim();
  const isWrong = text !== "" && !isDate(text);
  return (
    <label className="block text-xs text-ink-2">
      {label}
      <input
        type="text"
        data-testid={`time-${name}`}
        placeholder="2024-05-31"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={isWrong}
        className="input mt-0.5 min-h-8.5! px-2! text-sm"
        value={typed}
        onChange={(event) => {
          const next = event.target.value.trim();
          setTyped(event.target.value);
          if (next === "" || isDate(next)) onValue(next);
        }}
      />
    </label>
  );
}

/** The calendar day here, as `2024-05-31`. */
function day(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

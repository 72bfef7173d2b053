import { useState } from "react";

/** A number that is kept when it is left or confirmed; what is no number goes back to the one before. */
export function Count({
  label,
  value,
  most,
  onChange,
}: {
  label: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const leave = () => {
    setTyped(null);
    const number = Number(typed);
    if (typed === null || !Number.isInteger(number) || number < 1) return;
    const kept = Math.min(number, most);
    if (kept !== value) onChange(kept);
  };
  return (
    <input
      aria-label={label}
      inputMode="numeric"
      value={typed ?? String(value)}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => event.key === "Enter" && leave()}
      className="input min-h-7 w-[7ch] px-2 text-end"
    />
  );
}

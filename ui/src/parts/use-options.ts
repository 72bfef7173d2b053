// A field over a list of options (the combobox pattern): the focus stays in the field, the arrows walk.
import { type KeyboardEvent, useId, useState } from "react";

export function useOptions(count: number, onChoose: (index: number) => void) {
  const id = useId();
  const [wanted, setWanted] = useState(0);
  const active = Math.max(0, Math.min(wanted, count - 1));
  const optionId = (index: number) => `${id}-${index}`;

  const walk = (to: number) => {
    if (count === 0) return;
    const next = (to + count) % count;
    setWanted(next);
    document.getElementById(optionId(next))?.scrollIntoView({ block: "nearest" });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") walk(active + 1);
    else if (event.key === "ArrowUp") walk(active - 1);
    else if (event.key === "Enter" && count > 0) onChoose(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    active,
    /** For the options anew: the first one is where the keys stand. */
    reset: () => setWanted(0),
    field: {
      role: "combobox",
      "aria-expanded": count > 0,
      "aria-controls": id,
      "aria-autocomplete": "list",
      "aria-activedescendant": count > 0 ? optionId(active) : undefined,
      autoComplete: "off",
      spellCheck: false,
      onKeyDown,
    } as const,
    list: (name: string) => ({ id, role: "listbox", "aria-label": name }) as const,
    option: (index: number) =>
      ({
        id: optionId(index),
        role: "option",
        tabIndex: -1,
        "aria-selected": index === active,
        onClick: () => onChoose(index),
        // The focus stays in the field.
        onPointerDown: (event: { preventDefault: () => void }) => event.preventDefault(),
        onPointerMove: () => setWanted(index),
      }) as const,
  };
}

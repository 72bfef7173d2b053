import { Icon } from "./icon";

/** The field above a list: what is typed narrows the list, Esc empties the field, the arrow leads into the list. */
export function NameFilter({
  value,
  name,
  placeholder = name,
  testId,
  listId,
  onChange,
}: {
  value: string;
  name: string;
  placeholder?: string;
  testId: string;
  /** The test id of the list below. */
  listId: string;
  onChange: (value: string) => void;
}) {
  return (
    <div className="relative mx-3 mb-2.5">
      <Icon name="search" className="absolute start-2.5 top-2.5 size-3.75! text-ink-3 [stroke-width:2]" />
      <input
        type="search"
        data-testid={testId}
        aria-label={name}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        className="h-8.5 w-full rounded-[9px] border border-transparent bg-sunken ps-8.5 pe-2.5 text-sm placeholder:text-ink-2 focus-visible:border-accent focus-visible:outline-none"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.preventDefault();
            event.stopPropagation();
            onChange("");
          } else if (event.key === "ArrowDown") {
            event.preventDefault();
            document.querySelector<HTMLElement>(`[data-testid=${listId}]`)?.focus();
          }
        }}
      />
    </div>
  );
}

import { t } from "@lingui/core/macro";
import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import { kept, useKept } from "./kept";

const LEAST = 220;
const MOST = 560;

/** As wide as it is where nobody has said otherwise and there is room. */
const USUAL = 332;

/** So far one arrow goes. */
const STEP = 16;

/** How wide people want the list; as wide as usual where they never said. */
const width = kept<number | null>("threadkeep.list-width", check, null);

function check(value: unknown): number | null {
  return typeof value === "number" && value >= LEAST && value <= MOST ? value : null;
}

/** A list and what is chosen of it beside it, whose width is the person’s; in a narrow window one of the two. */
export function Columns({
  list,
  pane,
  paneName,
  isOpen,
}: {
  list: ReactNode;
  pane: ReactNode;
  paneName: string;
  /** Something is chosen. */
  isOpen: boolean;
}) {
  const wanted = useKept(width);
  return (
    <div
      className={`grid h-full narrow:grid-cols-1 ${
        wanted === null
          ? "grid-cols-[332px_minmax(0,1fr)] max-[900px]:grid-cols-[272px_minmax(0,1fr)]"
          : "grid-cols-[clamp(220px,var(--list-width),46vw)_minmax(0,1fr)]"
      }`}
      style={wanted === null ? undefined : ({ "--list-width": `${wanted}px` } as CSSProperties)}
    >
      <div data-pane="list" className={`h-full min-h-0 min-w-0 ${isOpen ? "narrow:hidden" : ""}`}>
        {list}
      </div>
      <div data-pane={paneName} className={`h-full min-h-0 min-w-0 ${isOpen ? "" : "narrow:hidden"}`}>
        {pane}
      </div>
    </div>
  );
}

/**
 * The edge of the list, at the end of what it is the list of: dragged, or moved by the arrows. A double click brings
 * back the usual width, and so does Enter.
 */
export function ListEdge() {
  const wanted = useKept(width);
  const from = useRef<{ x: number; width: number } | null>(null);
  const set = (next: number) => width.write(Math.round(Math.min(MOST, Math.max(LEAST, next))));
  const forth = () => (document.dir === "rtl" ? -1 : 1);
  const shown = (element: HTMLElement) => element.parentElement?.offsetWidth ?? USUAL;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const now = shown(event.currentTarget);
    if (event.key === "ArrowRight") set(now + STEP * forth());
    else if (event.key === "ArrowLeft") set(now - STEP * forth());
    else if (event.key === "Home") set(LEAST);
    else if (event.key === "End") set(MOST);
    else if (event.key === "Enter") width.write(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, width: shown(event.currentTarget) };
  };
  return (
    <hr
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t`Width of the list`}
      aria-valuenow={wanted ?? USUAL}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      title={t`Width of the list`}
      data-testid="list-edge"
      className="list-edge narrow:hidden"
      onKeyDown={onKeyDown}
      onDoubleClick={() => width.write(null)}
      onPointerDown={onPointerDown}
      onPointerMove={({ clientX }) => {
        const begun = from.current;
        if (begun !== null && clientX !== begun.x) set(begun.width + (clientX - begun.x) * forth());
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
    />
  );
}

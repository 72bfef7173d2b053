// The keys that work everywhere. What belongs to a list or to the reader is handled there.
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { startSync } from "../sync/store";

export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented) return;
      if (command && !event.altKey && event.key.toLowerCase() === "f") {
        // With Shift it is the open chat's, which has taken it where there is one.
        event.preventDefault();
        const field = document.querySelector<HTMLInputElement>("[data-testid=search-field]");
        if (field === null) void navigate({ to: "/search" });
        else {
          field.focus();
          field.select();
        }
      } else if (command && !event.altKey && !event.shiftKey && event.key === ",") {
        event.preventDefault();
        void navigate({ to: "/settings" });
      } else if (event.key === "F5" && !command && !event.altKey && !event.shiftKey) {
        // The web view would reload the page; people mean "bring what is new".
        event.preventDefault();
        void startSync();
        void navigate({ to: "/sync" });
      } else if (event.key === "F6") {
        event.preventDefault();
        focusNextPane(event.shiftKey);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}

/** Moves between the rail, the list and the pane. */
function focusNextPane(backwards: boolean): void {
  const panes = [...document.querySelectorAll<HTMLElement>("nav, [data-pane]")].filter(
    (pane) => pane.offsetParent !== null,
  );
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes.at((here + (backwards ? -1 : 1) + panes.length) % panes.length);
  const inside = next?.querySelector<HTMLElement>("[aria-current=page], [data-pane-focus], a, button, input");
  inside?.focus();
}

// The keys that work everywhere. What belongs to the list or to the reader is done there.
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { followKeys, useShortcut } from "../shortcuts/use-shortcut";
import { restoreZoom, setZoom, stepZoom } from "../shortcuts/zoom";
import { startSync } from "../sync/store";
import { focusNextPane } from "./panes";

export function useWindowKeys(): void {
  const navigate = useNavigate();
  useEffect(followKeys, []);
  useEffect(restoreZoom, []);

  const search = () => {
    const field = document.querySelector<HTMLInputElement>("[data-testid=search-field]");
    if (field === null) void navigate({ to: "/search" });
    else {
      field.focus();
      field.select();
    }
  };
  useShortcut("search", search);
  // Where no chat is open to be searched in.
  useShortcut("searchChat", search, { fallback: true });
  useShortcut("settings", () => void navigate({ to: "/settings" }));
  useShortcut("sync", () => {
    void startSync();
    void navigate({ to: "/sync" });
  });
  useShortcut("nextPane", () => focusNextPane(1));
  useShortcut("previousPane", () => focusNextPane(-1));
  useShortcut("larger", () => stepZoom(1));
  useShortcut("smaller", () => stepZoom(-1));
  useShortcut("usualSize", () => setZoom(1));
}

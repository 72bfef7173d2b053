// The browser's menu offers to reload and to inspect; it is left where it helps: for text that is typed or selected.
// Menus of the window's own open before this hears of the click.

export function keepOutBrowserMenu(): void {
  document.addEventListener("contextmenu", (event) => {
    if (!isText(event.target)) event.preventDefault();
  });
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, [contenteditable]") !== null) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(target, true);
}

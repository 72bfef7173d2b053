import { cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { singleKeys } from "./single-keys";
import type { ShortcutId } from "./table";
import { dispatch, useShortcut } from "./use-shortcut";

beforeEach(() => singleKeys.write(true));
afterEach(cleanup);

function Does({ id, what, fallback }: { id: ShortcutId; what: () => unknown; fallback?: boolean }) {
  useShortcut(id, what, { fallback: fallback === true });
  return null;
}

function press(key: string, held: Partial<KeyboardEventInit> = {}, target: Element = document.body): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
  let done = false;
  const hear = (heard: KeyboardEvent) => {
    done = dispatch(heard, false);
  };
  window.addEventListener("keydown", hear, { once: true });
  target.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(done);
  return done;
}

it("does what a key says as long as there is somebody to do it", () => {
  const what = vi.fn();
  const { unmount } = render(<Does id="nextChat" what={what} />);
  expect(press("ArrowDown", { altKey: true })).toBe(true);
  expect(press("Tab", { ctrlKey: true })).toBe(true);
  unmount();
  expect(press("ArrowDown", { altKey: true })).toBe(false);
  expect(what).toHaveBeenCalledTimes(2);
});

it("asks the one before where the last is not meant, and the fallback at the very end", () => {
  const said: string[] = [];
  const says = (word: string, is: boolean) => () => {
    said.push(word);
    return is ? undefined : (false as const);
  };
  render(
    <>
      <Does id="close" what={says("first", true)} />
      <Does id="close" what={says("last", false)} />
      <Does id="close" what={says("fallback", true)} fallback />
    </>,
  );
  expect(press("Escape")).toBe(true);
  expect(said).toEqual(["last", "first"]);
});

it("leaves signs to the field that one types into, and what is switched off to nobody", () => {
  const what = vi.fn();
  const { container } = render(
    <>
      <Does id="sheet" what={what} />
      <input />
    </>,
  );
  const field = container.querySelector("input") as Element;
  expect(press("?", { shiftKey: true }, field)).toBe(false);
  expect(press("?", { shiftKey: true })).toBe(true);
  singleKeys.write(false);
  expect(press("?", { shiftKey: true })).toBe(false);
  expect(press("/", { ctrlKey: true }, field)).toBe(true);
  expect(what).toHaveBeenCalledTimes(2);
});

it("leaves the keys to a dialog and to whoever has taken them", () => {
  const what = vi.fn();
  const { container } = render(
    <>
      <Does id="sync" what={what} />
      <div role="dialog">
        <button type="button">in it</button>
      </div>
      <button type="button" onKeyDown={(event) => event.preventDefault()}>
        takes them
      </button>
    </>,
  );
  const [inside, takes] = container.querySelectorAll("button");
  expect(press("F5", {}, inside)).toBe(false);
  takes?.dispatchEvent(new KeyboardEvent("keydown", { key: "F5", bubbles: true, cancelable: true }));
  expect(what).not.toHaveBeenCalled();
});

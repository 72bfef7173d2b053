// How large everything is. The web view scales the page, as a browser does, so that sizes in pixels and the width
// at which columns fold follow by themselves.
import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { kept } from "../app/kept";
import { commands } from "../bindings";
import { notify } from "../parts/notice";

/** The steps of the browsers. */
const STEPS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

const zoom = kept("threadkeep.zoom", (value) => STEPS.find((step) => step === value) ?? null, 1);

export function stepZoom(by: 1 | -1): void {
  const next = STEPS[STEPS.indexOf(zoom.read()) + by];
  if (next !== undefined) setZoom(next);
}

export function setZoom(factor: number): void {
  zoom.write(factor);
  notify(`${Math.round(factor * 100)} %`);
  void apply();
}

/** As large as it was left. */
export function restoreZoom(): void {
  if (zoom.read() !== 1) void apply();
}

function apply(): Promise<void> {
  return call(commands.zoomSet(zoom.read())).then(
    () => {},
    (fault: unknown) => notify(brief(toAppError(fault))),
  );
}

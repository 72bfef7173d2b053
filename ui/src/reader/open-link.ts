import { call, toAppError } from "../app/call";
import { brief } from "../app/errors";
import { commands } from "../bindings";
import { notify } from "../parts/notice";

/** Hands a link to the core, which checks its scheme once more and opens it in the person's own browser. */
export function openLink(url: string): void {
  call(commands.linkOpen(url)).catch((fault: unknown) => notify(brief(toAppError(fault))));
}

// The one door through which every command goes: a result that says "error", a rejection of the framework
// and a fault of our own all become one typed error, so that no surface has to know three shapes.
import { t } from "@lingui/core/macro";
import type { UiError } from "../bindings";

export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: unknown };

/** Whatever was thrown or rejected, as one typed error. */
export function toAppError(fault: unknown): AppError {
  if (fault instanceof AppError) return fault;
  if (isUiError(fault)) return new AppError(fault.code, fault.message);
  if (typeof fault === "string") return new AppError("shell", fault);
  if (fault instanceof Error) return new AppError("window", fault.message, { cause: fault });
  return new AppError("window", t`Something failed without a word.`);
}

/** The data of an answer, or its error thrown. */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch (fault) {
    throw toAppError(fault);
  }
  if (settled.status === "error") throw toAppError(settled.error);
  return settled.data;
}

function isUiError(value: unknown): value is UiError {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

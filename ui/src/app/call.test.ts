import { describe, expect, it } from "vitest";
import { AppError, call, toAppError } from "./call";

describe("a call of the core", () => {
  it("gives the data of a good answer", async () => {
    await expect(call(Promise.resolve({ status: "ok" as const, data: 7 }))).resolves.toBe(7);
  });

  it("throws the error of a bad one with its code", async () => {
    const answer = Promise.resolve({
      status: "error" as const,
      error: { code: "busy", message: "a sync is running" },
    });
    await expect(call(answer)).rejects.toMatchObject({
      name: "AppError",
      code: "busy",
      message: "a sync is running",
    });
  });

  it("takes a plain string of the framework for a fault of the shell", async () => {
    const answer = Promise.resolve({
      status: "error" as const,
      error: "Command app_state not allowed by ACL",
    });
    await expect(call(answer)).rejects.toMatchObject({
      code: "shell",
      message: "Command app_state not allowed by ACL",
    });
  });

  it("takes an exception for a fault of the window", async () => {
    await expect(call(Promise.reject(new TypeError("no internals")))).rejects.toMatchObject({
      code: "window",
    });
  });

  it("hands its own errors on unchanged", () => {
    const error = new AppError("busy", "a sync is running");
    expect(toAppError(error)).toBe(error);
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { run, which } from "./run.mjs";

const here = new URL("./run.mjs", import.meta.url).href;
const print = (text) => ["-e", `process.stdout.write(${JSON.stringify(text)}); process.exit(3)`];

test("a program's code and words come back", async () => {
  assert.deepEqual(await run(process.execPath, print("words"), { keep: "hide" }), { code: 3, output: "words" });
});

test("a program that is not there is a code, not a crash", async () => {
  assert.equal((await run("threadkeep-is-no-such-program", [], { keep: "hide" })).code, 127);
  assert.equal(which("threadkeep-is-no-such-program"), null);
});

// Windows has no signals to send.
test("Ctrl-C ends the program and then the script, with nothing left behind", { skip: process.platform === "win32" }, async () => {
  const long = "console.log(process.pid); setTimeout(() => {}, 60_000)";
  const script = `
    import { main, run } from ${JSON.stringify(here)};
    await main(async () => {
      await run(process.execPath, ["-e", ${JSON.stringify(long)}]);
      console.log("went on");
    });`;
  // A group of its own, as a terminal gives a command.
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { detached: true });
  const [first] = await once(child.stdout, "data");
  let rest = "";
  child.stdout.on("data", (chunk) => {
    rest += chunk;
  });
  process.kill(-child.pid, "SIGINT");
  const [code] = await once(child, "close");
  assert.equal(code, 130);
  assert.match(rest, /Stopped\./);
  assert.doesNotMatch(rest, /went on/);
  assert.throws(() => process.kill(Number(first), 0), /ESRCH/, "the program it ran is gone too");
});

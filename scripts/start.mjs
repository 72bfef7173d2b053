// `npm start`: from a fresh clone to the open app. Everything after `--` goes to the app
// (`npm start -- --home FOLDER`); `--terminal` does the same sync without a window.

import { buildDesktop, buildPrograms, buildUi, program } from "./build.mjs";
import { ask, main, must, run } from "./run.mjs";
import { setUp } from "./setup.mjs";
import { bold, say, step } from "./terminal.mjs";

const wishes = process.argv.slice(2);
const forApp = wishes.filter((wish) => wish !== "--terminal");

await main(async () => {
  say(bold("Threadkeep: your conversations, complete and searchable, on your own computer."));
  if (process.env.THREADKEEP_HOME) say(`Data folder: ${process.env.THREADKEEP_HOME} (THREADKEEP_HOME)`);
  if (wishes.includes("--terminal")) return inTerminal();
  if (!hasDisplay()) {
    say("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.");
    say("The same sync runs in this terminal instead.");
    return inTerminal();
  }
  return inWindow();
});

function hasDisplay({ platform, env } = process) {
  return platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

async function inWindow() {
  await setUp("window");
  step("Building the pages");
  await buildUi();
  step("Building the app (the first time takes several minutes)");
  await buildDesktop();
  step("Opening the app. Close its window, or press Ctrl-C here, to end it.");
  // An empty data folder gets the sample archive; any other is left as it is.
  const { code } = await run(program("threadkeep-desktop"), ["--sample", ...forApp]);
  return code;
}

async function inTerminal() {
  await setUp("terminal");
  step("Building the terminal program (the first time takes a few minutes)");
  await buildPrograms("threadkeep");
  const threadkeep = program("threadkeep");
  if (holdsAccounts(threadkeep)) {
    step("The data folder has accounts already: no sample archive is added.");
  } else {
    step("Filling the empty data folder with the sample archive, and pulling it");
    await must("threadkeep demo", threadkeep, [...forApp, "demo"]);
  }
  step("threadkeep sync");
  const { code } = await run(threadkeep, [...forApp, "sync"]);
  step("threadkeep stats");
  await must("threadkeep stats", threadkeep, [...forApp, "stats"]);
  say("\nMore: threadkeep chats, read, export, --help.");
  return code;
}

/** `demo` refuses a folder with accounts; asking first leaves it the terminal for its progress bars. */
function holdsAccounts(threadkeep) {
  try {
    return JSON.parse(ask(threadkeep, [...forApp, "accounts", "--json"]) ?? "[]").length > 0;
  } catch {
    return false;
  }
}

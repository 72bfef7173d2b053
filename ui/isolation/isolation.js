// Every message from the window to the core passes here first. Only calls of our own commands and of
// the event listener go through: whatever ran in the window by mistake could ask for nothing else.
const ALLOWED = /^(?:[a-z]+(?:_[a-z]+)+|plugin:event\|(?:listen|unlisten)|plugin:__TAURI_CHANNEL__\|fetch)$/;

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (typeof message?.cmd !== "string" || !ALLOWED.test(message.cmd)) {
    throw new Error("Threadkeep: the window asked for something it may not do");
  }
  return message;
};

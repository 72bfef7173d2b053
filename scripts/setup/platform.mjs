// macOS and Windows: nothing is installed there; what is missing is said in words.

import { ask, Stop } from "../run.mjs";
import { dim, say } from "../terminal.mjs";

export function checkPlatform(platform = process.platform, answer = ask) {
  if (platform === "darwin" && answer("xcode-select", ["-p"]) === null) {
    throw new Stop(
      "Apple's command line tools are missing. Type:\n\n  xcode-select --install\n\nand then this command again.",
    );
  }
  if (platform === "win32") {
    say(
      dim(
        "On Windows the build needs the Visual Studio Build Tools with “Desktop development with C++”, and the window needs WebView2 (part of Windows 11; else from https://developer.microsoft.com/microsoft-edge/webview2).",
      ),
    );
  }
}

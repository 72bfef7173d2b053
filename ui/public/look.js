// Runs before the first paint, so that a dark window never flashes white and a mirrored one never jumps.
// src/app/theme.ts and src/i18n/language.ts take over from here.
(() => {
  const kept = (name) => {
    try {
      return localStorage.getItem(`threadkeep.${name}`);
    } catch {
      // Storage may be closed to us; the system's choice is a good one.
      return null;
    }
  };
  const root = document.documentElement;
  const theme = kept("theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";

  const there = ["en", "de", "pt", "ar"];
  const wanted = [kept("language"), ...navigator.languages].map((tag) =>
    (tag ?? "").split("-")[0].toLowerCase(),
  );
  const language = wanted.find((tag) => there.includes(tag)) ?? "en";
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
})();

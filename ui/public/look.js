// Runs before the first paint, so that a dark window never flashes white and a mirrored one never jumps.
// src/app/look.ts and src/i18n/language.ts take over from here.
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
  const choose = (look, choices, usual) => {
    const choice = kept(look);
    root.dataset[look] = choices.includes(choice) ? choice : usual;
  };
  const system = (query, yes, no) => (matchMedia(query).matches ? yes : no);
  choose("theme", ["light", "dark"], system("(prefers-color-scheme: dark)", "dark", "light"));
  choose("contrast", ["usual", "more"], system("(prefers-contrast: more)", "more", "usual"));
  choose("density", ["compact"], "comfortable");
  choose("text", ["small", "large", "larger"], "usual");

  const there = ["en", "de", "pt", "ar"];
  const wanted = [kept("language"), ...navigator.languages].map((tag) =>
    (tag ?? "").split("-")[0].toLowerCase(),
  );
  const language = wanted.find((tag) => there.includes(tag)) ?? "en";
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
})();

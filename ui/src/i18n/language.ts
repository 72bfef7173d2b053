// The language of the window: the person's choice, or the first of the system's that there is. `public/look.js`
// sets the first one's name and direction before the paint; what is shown is drawn anew when another is chosen.
import { i18n, type Messages } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { useSyncExternalStore } from "react";

const CATALOGUES = {
  en: () => import("./locales/en.po"),
  de: () => import("./locales/de.po"),
  pt: () => import("./locales/pt.po"),
  ar: () => import("./locales/ar.po"),
} as const;

export type Language = keyof typeof CATALOGUES;
export type LanguageChoice = "system" | Language;

/** Each in its own words: who is lost in a foreign language looks for these. */
export const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: "en", name: "English" },
  { language: "de", name: "Deutsch" },
  { language: "pt", name: "Português" },
  { language: "ar", name: "العربية" },
];

const KEY = "threadkeep.language";
const listeners = new Set<() => void>();

// A text that no catalogue has yet is read from the sources.
i18n.setMessagesCompiler(compileMessage);

export function languageChoice(): LanguageChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return isLanguage(kept) ? kept : "system";
  } catch {
    return "system";
  }
}

export async function chooseLanguage(choice: LanguageChoice): Promise<void> {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice lasts as long as the window.
  }
  await activate(chosen(choice));
}

/** Shows the chosen language, and from then on the system's where that is the choice. */
export async function followSystemLanguage(): Promise<void> {
  window.addEventListener("languagechange", () => void activate(chosen(languageChoice())));
  await activate(chosen(languageChoice()));
}

function chosen(choice: LanguageChoice): Language {
  return choice === "system" ? systemLanguage() : choice;
}

async function activate(language: Language): Promise<void> {
  const { messages } = await CATALOGUES[language]();
  show(language, messages);
}

function show(language: Language, messages: Messages): void {
  i18n.loadAndActivate({ locale: language, locales: regional(language), messages });
  document.documentElement.lang = regional(language);
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const listener of listeners) listener();
}

export function systemLanguage(wanted: readonly string[] = navigator.languages): Language {
  return wanted.map(baseOf).find(isLanguage) ?? "en";
}

/** The language with the system's region, by which dates and numbers are written: `en` as `en-GB`. */
export function regional(language: string, wanted: readonly string[] = preferred()): string {
  return wanted.find((tag) => baseOf(tag) === language) ?? (language === "pt" ? "pt-BR" : language);
}

/** The language in use, and every change of it. */
export function useLanguage(): { language: string; choice: LanguageChoice } {
  const language = useSyncExternalStore(subscribe, () => i18n.locale);
  const choice = useSyncExternalStore(subscribe, languageChoice);
  return { language, choice };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A system without a locale calls itself POSIX, and would write 20392 for 20,392. */
function preferred(): readonly string[] {
  const own = new Intl.NumberFormat().resolvedOptions().locale.replace(/-u-va-posix$/i, "");
  return [own, ...navigator.languages];
}

function baseOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? "";
}

function isLanguage(tag: string | null): tag is Language {
  return tag !== null && Object.hasOwn(CATALOGUES, tag);
}

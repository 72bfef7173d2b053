// The languages of the window. English stands in the sources, the others in ui/src/i18n/locales/*.po.
import { formatter } from "@lingui/format-po";

/** @type {import("@lingui/conf").LinguiConfig} */
export default {
  sourceLocale: "en",
  locales: ["en", "de", "pt", "ar"],
  fallbackLocales: { default: "en" },
  catalogs: [
    {
      path: "<rootDir>/src/i18n/locales/{locale}",
      include: ["<rootDir>/src"],
      exclude: ["**/*.test.*", "<rootDir>/src/dev/**"],
    },
  ],
  // Lines and places change with every edit of a source; in the catalogue they would be noise.
  format: formatter({ origins: false, lineNumbers: false, printPlaceholdersInComments: false }),
  orderBy: "message",
  runtimeConfigModule: { Trans: ["#trans", "Trans"] },
};

// The catalogues have what the sources say, in every language, and nothing else: a text that one lacks would be
// read in English there, one that nobody says any more is work for whoever translates next.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../run.mjs";

export default {
  name: "catalogues",
  about: "every text is in the catalogue of each language, with its places and plurals",
  cost: 3,
  async run() {
    if (!existsSync(join(root, "node_modules"))) return { problems: ["the npm packages are missing: npm ci"] };
    const { getConfig } = await import("@lingui/conf");
    const { getCatalogs } = await import("@lingui/cli/api");
    const config = getConfig({ configPath: join(root, "ui", "lingui.config.mjs") });
    const problems = [];
    for (const catalogue of await getCatalogs(config)) {
      const said = await catalogue.collect({});
      const kept = await catalogue.readAll();
      if (!said) return { problems: ["the texts could not be collected; npm run texts says why"] };
      for (const language of config.locales) {
        problems.push(...(await differences(language, said, kept[language] ?? {}, language === config.sourceLocale)));
      }
    }
    return { problems };
  },
};

/** Where a catalogue is not what the sources say, as sentences. */
export async function differences(language, said, kept, isSource) {
  const { compileMessage } = await import("@lingui/message-utils/compileMessage");
  const shape = (text) => shapeOf(compileMessage(text));
  const problems = [];
  for (const [id, { message = id }] of Object.entries(said)) {
    const entry = kept[id];
    const at = `${language}.po: “${message}”`;
    if (entry === undefined || entry.obsolete) problems.push(`${at} is missing: npm run texts`);
    else if (isSource) continue;
    else if (entry.translation === "") problems.push(`${at} is not translated`);
    else {
      const [wanted, given] = [shape(message), shape(entry.translation)];
      const named = ({ places }) => [...places].sort().join(" ");
      if (named(wanted) !== named(given)) problems.push(`${at} has the places ${named(given)}, not ${named(wanted)}`);
      const lacks = formsOf(language).filter((form) => given.plurals.some((forms) => !forms.has(form)));
      if (lacks.length > 0) problems.push(`${at} lacks the plural ${lacks.join(", ")}`);
    }
  }
  for (const [id, { message = id, obsolete }] of Object.entries(kept)) {
    if (said[id] === undefined || obsolete) problems.push(`${language}.po: nobody says “${message}”: npm run texts`);
  }
  return problems;
}

/** The names of what is put into a text, its elements, and the forms of its plurals. */
function shapeOf(tokens, shape = { places: new Set(), plurals: [] }) {
  for (const token of [tokens].flat()) {
    if (typeof token === "string") {
      for (const [tag] of token.matchAll(/<\/?\w+\/?>/g)) shape.places.add(tag);
    }
  }
  if (!Array.isArray(tokens)) return shape;
  for (const token of tokens) {
    if (!Array.isArray(token)) continue;
    const [name, kind, forms] = token;
    shape.places.add(`{${name}}`);
    if (forms === undefined || typeof forms !== "object") continue;
    if (kind === "plural") shape.plurals.push(new Set(Object.keys(forms)));
    for (const form of Object.values(forms)) shapeOf(form, shape);
  }
  return shape;
}

/** The forms that the language's small numbers take. */
function formsOf(language) {
  const rules = new Intl.PluralRules(language);
  return [...new Set(Array.from({ length: 200 }, (_, number) => rules.select(number)))];
}

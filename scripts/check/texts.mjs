// A text for people that stands outside Lingui's macros would be read in English by everyone.

import { parseSync, traverse } from "@babel/core";

/** What a person reads or hears of an element. */
const attributes = /^(aria-(label|valuetext|description|roledescription)|title|placeholder|alt|label)$/;
/** Properties of our own parts that are words where they begin with a capital. */
const ownAttributes = /^(name|about|words|action|idle|heading|summary|trigger)$/;
const macroElements = new Set(["Trans", "Plural", "Select", "SelectOrdinal"]);
const macroCalls = new Set(["plural", "select", "selectOrdinal", "t", "msg", "defineMessage"]);
/** Names of keys and programs' words are the same in every language. */
const untranslated = new Set(["kbd", "code"]);
/** For programmers: they end in a log or in a code that has words of its own. */
const technical = new Set(["Error", "TypeError", "AppError"]);
const letters = /\p{L}/u;
/** The same in every language. */
const same = /^(Threadkeep|https?:\/\/\S+)$/;
/** A capital and more than one word, outside a page's markup. */
const sentence = /^\p{Lu}[\p{Ll}’']*[,:;]? \p{L}|^\p{Lu}\p{Ll}+…$/u;

export default {
  name: "texts",
  about: "every text for people goes through the catalogues",
  run(repo) {
    const sources = repo.files.filter(
      (path) => /^ui\/src\/.*\.tsx?$/.test(path) && !/\.test\.|\.d\.ts$|^ui\/src\/(dev|i18n)\/|bindings\.ts$/.test(path),
    );
    return {
      problems: sources.flatMap((path) =>
        textsIn(path, repo.read(path)).map(({ line, text }) => `${path}:${line} is not translated: ${text}`),
      ),
    };
  },
};

/** The texts of a source that stand outside the macros. */
export function textsIn(path, source) {
  const tree = parseSync(source, {
    babelrc: false,
    configFile: false,
    sourceType: "module",
    parserOpts: { plugins: path.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
  });
  const found = [];
  const report = (at, text) =>
    found.push({ line: at.node.loc.start.line, text: text.replace(/\s+/g, " ").trim(), at: at.node });
  traverse(tree, {
    JSXText(at) {
      if (isWords(at.node.value) && !isTranslated(at) && !untranslated.has(elementOf(at))) {
        report(at, at.node.value);
      }
    },
    StringLiteral(at) {
      if (isText(at, at.node.value)) report(at, at.node.value);
    },
    TemplateLiteral(at) {
      const words = at.node.quasis.map((part) => part.value.cooked).join(" … ");
      if (isText(at, words)) report(at, words);
    },
  });
  return found;
}

function isText(at, words) {
  if (!isWords(words) || isTranslated(at) || isType(at)) return false;
  const place = placeOf(at);
  if (place === "child" || attributes.test(place)) return true;
  if (ownAttributes.test(place) && /^\p{Lu}/u.test(words)) return true;
  return sentence.test(words) && !isTechnical(at) && place !== "className";
}

function isWords(text) {
  return letters.test(text) && !same.test(text.trim());
}

/** Inside a macro, whichever way. */
function isTranslated(at) {
  return at.findParent(({ node }) => {
    if (node.type === "JSXElement") return macroElements.has(node.openingElement.name.name);
    if (node.type === "TaggedTemplateExpression") return macroCalls.has(node.tag.name);
    return node.type === "CallExpression" && macroCalls.has(node.callee.name);
  }) !== null;
}

function isType(at) {
  return at.parentPath.isTSLiteralType() || at.parentPath.isImportDeclaration();
}

function isTechnical(at) {
  return at.findParent(
    ({ node }) =>
      (node.type === "NewExpression" && technical.has(node.callee.name)) ||
      (node.type === "CallExpression" && node.callee.object?.name === "console"),
  ) !== null;
}

/** `child` where the value is drawn, the attribute's name where it is one's value, else nothing. */
function placeOf(at) {
  let { node } = at;
  for (let up = at.parentPath; up !== null; node = up.node, up = up.parentPath) {
    if (up.isConditionalExpression() && node === up.node.test) return "";
    if (up.isConditionalExpression() || up.isLogicalExpression() || up.isTSAsExpression()) continue;
    if (up.isTemplateLiteral()) continue;
    if (up.isJSXAttribute()) return nameOf(up.node.name);
    if (!up.isJSXExpressionContainer()) return "";
    if (!up.parentPath.isJSXAttribute()) return untranslated.has(elementOf(up)) ? "" : "child";
  }
  return "";
}

function elementOf(at) {
  const { parent } = at;
  return parent.type === "JSXElement" ? nameOf(parent.openingElement.name) : "";
}

function nameOf(name) {
  return name.type === "JSXNamespacedName" ? `${name.namespace.name}:${name.name.name}` : name.name;
}

// Vite's own transform knows no Babel, and Lingui's macros are one: files that use them pass through it first.
// The English text stays in the bundle beside its id, so that a text that no catalogue has yet is still read.
import { fileURLToPath } from "node:url";
import { transformAsync } from "@babel/core";
import lingui from "@lingui/babel-plugin-lingui-macro";
import { getConfig } from "@lingui/conf";
import type { Plugin } from "vite";

export const configPath = fileURLToPath(new URL("lingui.config.mjs", import.meta.url));

export function macros(): Plugin {
  const linguiConfig = getConfig({ configPath });
  return {
    name: "threadkeep:macros",
    enforce: "pre",
    transform: {
      filter: { id: /\.tsx?$/, code: "@lingui/" },
      async handler(code, id) {
        if (!code.includes("/macro")) return null;
        const done = await transformAsync(code, {
          filename: id,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: id.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
          plugins: [[lingui, { linguiConfig, stripMessageField: false }]],
        });
        return done?.code == null ? null : { code: done.code, map: done.map ?? null };
      },
    },
  };
}

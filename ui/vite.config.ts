import { lingui } from "@lingui/vite-plugin";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { configPath, macros } from "./macros.ts";

// The bundle meets a policy of `default-src 'self'` without `unsafe-*`: nothing may be inlined into index.html.
export default defineConfig({
  plugins: [macros(), lingui({ configPath }), react(), tailwind()],
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: "localhost", watch: { ignored: ["**/dist/**"] } },
  build: {
    target: ["es2022", "safari16.4", "chrome110"],
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // Its colours are computed with.
    css: { include: [/tokens\.css/] },
    setupFiles: ["src/dev/patience.ts"],
    testTimeout: 30_000,
  },
});

import { resolve } from "node:path";
import { defineConfig } from "vite";

/** The page on which the browser tests try the panels. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  build: {
    emptyOutDir: true,
    // As on the site: a data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: { panels: resolve(import.meta.dirname, "panels.html") } },
  },
});

import { resolve } from "node:path";
import { defineConfig } from "vite";

/** Pages on which the browser tests try parts of the Studio by themselves. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  build: {
    emptyOutDir: true,
    // As on the site: a data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: { sound: resolve(import.meta.dirname, "sound.html") } },
  },
});

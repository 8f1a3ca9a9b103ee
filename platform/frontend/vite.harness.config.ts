/** Builds the page on which browser tests and benchmarks try the Studio's elements by themselves. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = resolve(import.meta.dirname, "tests/harness");

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  build: {
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: resolve(here, "roll.html") },
  },
});

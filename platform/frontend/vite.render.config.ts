import { resolve } from "node:path";
import { defineConfig } from "vite";

/** The server's renderer: one file that Node runs without `node_modules`. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: resolve(import.meta.dirname, "src/audio/render-node.ts"),
    outDir: "dist-node",
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      output: { format: "es", entryFileNames: "render.mjs", codeSplitting: false },
    },
  },
});

import { cpSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

/** Files that templates name but no module imports: they get hashed names and a manifest row too. */
const TEMPLATE_ASSETS = ["src/icons.svg", "src/favicon.svg"];

function templateAssets(): Plugin {
  return {
    name: "counterpoint-template-assets",
    buildStart() {
      for (const path of TEMPLATE_ASSETS) {
        this.addWatchFile(resolve(here, path));
        this.emitFile({
          type: "asset",
          name: basename(path),
          originalFileName: path,
          source: readFileSync(resolve(here, path)),
        });
      }
    },
  };
}

/** Elements' HTML and CSS are text to a minifier: without their indentation they are shorter. */
function withoutIndentation(): Plugin {
  return {
    name: "counterpoint-without-indentation",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(resolve(here, "src")) || !/\b(css|html|svg)`/.test(code)) return null;
      return { code: code.replace(/\n[ \t]+/g, "\n"), map: null };
    },
  };
}

/** The synthesizer's worklet is taken as it is published: its source map is not, nor is it served. */
function withoutSourceMaps(): Plugin {
  return {
    name: "counterpoint-without-source-maps",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".js")) continue;
        const text = Buffer.from(file.source).toString("utf8");
        file.source = text.replace(/^\/\/# sourceMappingURL=.*$/gm, "");
      }
    },
  };
}

/** The sound fonts have names made of their content already; they only need to lie in the build. */
function soundfonts(): Plugin {
  return {
    name: "counterpoint-soundfonts",
    closeBundle() {
      cpSync(resolve(here, "src/generated/soundfonts"), resolve(here, "dist/soundfonts"), {
        recursive: true,
        filter: (path) => basename(path) !== ".stamp",
      });
    },
  };
}

export default defineConfig({
  root: here,
  // Relative addresses: the site decides under which prefix it serves the build.
  base: "./",
  publicDir: false,
  plugins: [templateAssets(), withoutIndentation(), withoutSourceMaps(), soundfonts()],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    // A data: URL would need a wider content security policy than the site has.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: {
        main: resolve(here, "src/main.ts"),
        studio: resolve(here, "src/studio/main.ts"),
      },
      // htmx can evaluate strings; the page's htmx-config forbids it, and so does the site's CSP.
      checks: { eval: false },
    },
  },
});

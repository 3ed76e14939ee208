import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What the whole page may weigh, charts included, as it goes over the wire. */
const BUDGET_BYTES = 350_000;
const COMPRESSED = /\.(?:js|css|html|svg)$/u;

/** Writes `<file>.gz` beside each text file, which the gateway hands out; fails a build that is over the budget. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        let total = 0;
        for (const [name, file] of Object.entries(bundle)) {
          if (!COMPRESSED.test(name)) continue;
          const source = gzipSync(file.type === "chunk" ? file.code : file.source, { level: 9 });
          total += source.length;
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source });
        }
        const told = `${(total / 1000).toFixed(1)} kB gzip of ${(BUDGET_BYTES / 1000).toFixed(0)} kB`;
        if (total > BUDGET_BYTES) this.error(`the page is over its budget: ${told}`);
        this.info(told);
      },
    },
  };
}

export default defineConfig({
  plugins: [precompressed()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // The policy of the page allows no data: in script or style; images may be inlined.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": process.env.TIDEMARK_API ?? "http://localhost:8000" } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});

import { defineConfig } from 'vite';

/** The console: built by scripts/build.mjs, served by the API from dist/console. */
export default defineConfig({
  root: 'src/console',
  publicDir: 'static',
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // The console's policy forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

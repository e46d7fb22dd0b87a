import { defineConfig } from 'vite';

/** Studio is built to dist/apps/studio, from where the gateway serves it. */
export default defineConfig({
  root: import.meta.dirname,
  // Relative: the page's <base> says where everything is, and the gateway writes that.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/apps/studio',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy takes no data: URL for scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

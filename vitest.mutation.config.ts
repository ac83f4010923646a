import { defineConfig } from 'vitest/config';

/** What `npm run mutation` runs against every change to the core: the pure tests, and nothing that starts a server. */
export default defineConfig({
  test: { include: ['test/{core,cases,offline,properties}/**/*.test.ts'], env: { RUNS: '60' }, testTimeout: 60_000 },
});

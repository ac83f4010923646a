import { defineConfig } from 'vitest/config';

/** The tests that `npm run mutation` runs against each mutant of the core: pure tests only, no servers. */
export default defineConfig({
  test: { include: ['test/{core,cases,offline,properties}/**/*.test.ts'], env: { RUNS: '60' }, testTimeout: 60_000 },
});

import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: the pictures of the console in docs/images, taken of a real `npm start`. */
export default defineConfig({
  test: {
    include: ['test/screenshots/**/*.test.ts'],
    globalSetup: ['test/support/servers/global-build.ts', 'test/support/servers/global-binaries.ts'],
    testTimeout: 300_000,
  },
});

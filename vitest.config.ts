import { defineConfig } from 'vitest/config';

/** Each test file with real servers starts its own. They wait more than they compute: two at a time keep two cores busy. */
export default defineConfig({
  test: {
    projects: [
      // Generous timeouts for busy machines; no test is a measurement.
      {
        test: {
          name: 'unit',
          testTimeout: 60_000,
          // Files of a worker share their modules: loading them for each file is a third of all the work.
          isolate: false,
          // By default, vitest leaves one core to itself, which needs little: of two cores, half.
          maxWorkers: '100%',
          include: [
            'test/{core,properties,ingest,offline,bench,cases,rules,cli,api,console,simulator,lint,deploy,app,docs,observability,temporal}/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/{dev-servers,notifications,nats,workflows,integration,faults,e2e}/**/*.test.ts'],
          globalSetup: ['build', 'binaries', 'bundles'].map((name) => `test/support/servers/global-${name}.ts`),
          maxWorkers: 2,
          // After the unit tests.
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});

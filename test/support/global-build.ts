import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/paths.ts';

/**
 * A vitest `globalSetup`: dist/ as the sources are, for tests that start vigil as a process or open its page. A build that
 * fails is told and no more, so that one test can be run while something else is under work: `npm test` insists.
 */
export function setup(): void {
  const { status } = spawnSync(process.execPath, [join(packageRoot, 'scripts/build-if-needed.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.stderr.write('vigil: the build failed; tests of dist/ run on what the build left there\n');
}

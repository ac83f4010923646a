import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../../src/app/paths.ts';

/**
 * A vitest `globalSetup`: builds dist/ for tests that start vigil as a process or open its console. Only prints a build
 * failure, so that single tests can run during a change; `npm test` fails.
 */
export function setup(): void {
  const { status } = spawnSync(process.execPath, [join(packageRoot, 'scripts/build-if-needed.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.stderr.write('vigil: the build failed; tests of dist/ run on what the build left there\n');
}

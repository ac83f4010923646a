import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/paths.ts';

/** A vitest `globalSetup`: dist/ as the sources are, for tests that start vigil as a process or open its page. */
export function setup(): void {
  execFileSync(process.execPath, [join(packageRoot, 'scripts/build-if-needed.mjs')], { stdio: 'inherit' });
}

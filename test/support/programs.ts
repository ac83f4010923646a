import { execFileSync } from 'node:child_process';
import { it } from 'vitest';

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A test that needs programs. Where one is missing, the name of the test says that it has not run. */
export function itWith(programs: readonly string[], name: string, run: () => Promise<void>): void {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) it(name, run);
  else it.skip(`${name}: NOT RUN, ${missing.join(' and ')} not installed`, run);
}

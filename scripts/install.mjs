// Installs the dependencies if they are missing or older than the lock file. Must use only Node's built-in modules.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const INSTALLED_MARK = 'node_modules/.package-lock.json';

export function installIfNeeded() {
  const fresh = existsSync(INSTALLED_MARK) && statSync(INSTALLED_MARK).mtimeMs >= statSync('package-lock.json').mtimeMs;
  if (fresh) return;
  console.log('vigil: installing dependencies (npm ci) …');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const done = spawnSync(
    npm[0],
    [...npm.slice(1), 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { stdio: 'inherit' },
  );
  if (done.status !== 0) {
    console.error(
      'vigil: npm ci failed; see the output above. vigil needs Node >= 20.19 and access to an npm registry.',
    );
    process.exit(done.status ?? 1);
  }
}

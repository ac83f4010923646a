// Makes a clone ready to run: dependencies, then the build, each only when something changed.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';

const BUILT_MARK = 'dist/.built';
const SOURCES = ['src', 'workflows', 'activities', 'scripts', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

process.chdir(new URL('..', import.meta.url).pathname);
installIfNeeded();
if (!existsSync(BUILT_MARK) || statSync(BUILT_MARK).mtimeMs < Math.max(...SOURCES.map(newest))) {
  console.log('vigil: building …');
  await import('./build.mjs');
  writeFileSync(BUILT_MARK, '');
}

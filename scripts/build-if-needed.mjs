// Builds if a source is newer than the last build. Run by prepare.mjs, and by vitest before tests that need dist/.
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUILT_MARK = 'dist/.built';
const SOURCES = [
  'src',
  'workflows',
  'activities',
  'bench',
  'scripts',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

process.chdir(new URL('..', import.meta.url).pathname);
const startedAt = new Date();
if (!existsSync(BUILT_MARK) || statSync(BUILT_MARK).mtimeMs < Math.max(...SOURCES.map(newest))) {
  console.log('vigil: building …');
  await import('./build.mjs');
  // A source that changes during the build counts as newer.
  writeFileSync(BUILT_MARK, '');
  utimesSync(BUILT_MARK, startedAt, startedAt);
}

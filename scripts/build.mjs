// Compiles everything to dist/ and bundles the workflows. Run by `npm run build` and by build-if-needed.mjs.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const tsc = (project) => [process.execPath, 'node_modules/typescript/bin/tsc', '-p', project];
const steps = [
  tsc('tsconfig.build.json'),
  [process.execPath, 'node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  [process.execPath, 'dist/src/temporal/worker/bundle.js'],
];

for (const [command, ...args] of steps) {
  const done = spawnSync(command, args, { stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
// build-if-needed.mjs compares the age of this file with the sources.
writeFileSync('dist/.built', '');

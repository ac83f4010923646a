// Runs the unit tests, and one test of the whole on real servers, on the Node versions that vigil supports beside the present one.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { userCacheDir } from '../dist/src/dev-servers/binaries/user-cache.js';

const VERSIONS = [22, 24];
const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];
const RUNS = [
  ['--project', 'unit'],
  ['--project', 'servers', 'test/integration/crash.test.ts'],
];

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(status ?? 1);
}

for (const version of VERSIONS) {
  const folder = join(userCacheDir(process.env), `node-${version}`);
  mkdirSync(folder, { recursive: true });
  // The npm package `node` brings the binary.
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`]);
  const bin = join(folder, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  for (const args of RUNS) {
    console.log(`\nNode ${version}: vitest ${args.join(' ')}`);
    run(join(bin, 'node'), [...VITEST, ...args], env);
  }
}

// Usage: test-nodes.mjs [FAILURE]
// Runs the unit tests, and one test of the whole on real servers, on the Node versions that vigil supports beside the
// present one. Writes the name of a command that fails to the file FAILURE.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { userCacheDir } from '../dist/src/dev-servers/binaries/user-cache.js';

const VERSIONS = [22, 24];
const VITEST = ['node_modules/vitest/vitest.mjs', 'run'];
const RUNS = [
  ['--project', 'unit'],
  ['--project', 'servers', 'test/integration/outages/crash.test.ts'],
];
const [failureFile] = process.argv.slice(2);

function run(name, command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status === 0) return;
  const failure = `${name} failed: ${error?.message ?? signal ?? `exit code ${status}`}`;
  console.error(failure);
  if (failureFile !== undefined) writeFileSync(failureFile, `${failure}\n`);
  process.exit(status ?? 1);
}

for (const version of VERSIONS) {
  const folder = join(userCacheDir(process.env), `node-${version}`);
  mkdirSync(folder, { recursive: true });
  // The npm package `node` brings the binary.
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`];
  run(`npm install node@${version}`, 'npm', install);
  const bin = join(folder, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  for (const args of RUNS) {
    const name = `Node ${version}: vitest run ${args.join(' ')}`;
    console.log(`\n${name}`);
    run(name, join(bin, 'node'), [...VITEST, ...args], env);
  }
}

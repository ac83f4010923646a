// Mutation testing of a random sample of the core, because all of it takes many hours:
// `npm run mutation:sample -- [lines] [seed]`
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { pick, seededRandom } from '../dist/src/simulator/random.js';

/** Consecutive lines per sample; mutants that span more lines, such as whole blocks, are skipped. */
const LINES_TOGETHER = 10;
const FOLDER = 'src/core';

const wanted = Number(process.argv[2] ?? 300);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));

const { mutate } = JSON.parse(readFileSync('stryker.config.json', 'utf8'));
const files = readdirSync(FOLDER, { recursive: true })
  .map((name) => `${FOLDER}/${name}`)
  .filter((file) => file.endsWith('.ts') && !mutate.includes(`!${file}`));
const places = files.flatMap((file) => {
  const lines = readFileSync(file, 'utf8').split('\n').length;
  return Array.from(
    { length: Math.ceil(lines / LINES_TOGETHER) },
    (_, at) => `${file}:${at * LINES_TOGETHER + 1}-${(at + 1) * LINES_TOGETHER}`,
  );
});
const picked = pick(seededRandom(seed), places, Math.ceil(wanted / LINES_TOGETHER));

console.log(`mutation: ${picked.length * LINES_TOGETHER} of ${places.length * LINES_TOGETHER} lines, seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', '--mutate', picked.join(',')],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);

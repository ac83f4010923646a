// Keeps the workflows of this build for the upgrade test: `npm run build && node scripts/record-build.mjs <name>`
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const FOLDER = 'test/builds';

const name = process.argv[2];
if (name === undefined || !/^[\w.-]+$/.test(name)) {
  console.error('Name the build, for example by its version: node scripts/record-build.mjs 0.2.0');
  process.exit(2);
}
const bundle = readFileSync('dist/workflow-bundle.js', 'utf8');
// The source map is two thirds of the file. The SDK requires one, even if it is empty.
const MAP = '//# sourceMappingURL=data:application/json;charset=utf-8;base64,';
const emptyMap = Buffer.from(JSON.stringify({ version: 3, sources: [], names: [], mappings: '' })).toString('base64');
const code = `${bundle.slice(0, bundle.lastIndexOf(MAP))}${MAP}${emptyMap}`;
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/${name}.js.br`, brotliCompressSync(code));

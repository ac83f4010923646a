import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/api/package-files.ts';

const MOST_BYTES = 150_000;
const STATIC_IMPORT = /(?:^|[;}\s])import\s*(?:[^"'()]*?from\s*)?["']\.\/([^"']+\.js)["']/g;

/** The JavaScript that a browser loads before it shows a page: that of the HTML file, and what it imports at once. */
function firstLoad(): Map<string, Buffer> {
  const read = (name: string): Buffer => readFileSync(packagePath(`dist/console/assets/${name}`));
  const html = readFileSync(packagePath('dist/console/index.html'), 'utf8');
  const waiting = [...html.matchAll(/"\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? '');
  const loaded = new Map<string, Buffer>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    const script = read(name);
    loaded.set(name, script);
    waiting.push(...[...script.toString('utf8').matchAll(STATIC_IMPORT)].map(([, imported]) => imported ?? ''));
  }
  return loaded;
}

test('the console loads at most 150 kB of compressed JavaScript before it shows a page', () => {
  const scripts = firstLoad();
  const bytes = [...scripts.values()].reduce((total, script) => total + gzipSync(script).length, 0);
  expect(scripts.size).toBeGreaterThan(0);
  expect(bytes, [...scripts.keys()].join(', ')).toBeLessThanOrEqual(MOST_BYTES);
  // The frame alone is more than this: the test has found it.
  expect(bytes).toBeGreaterThan(10_000);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/api/package-files.ts';

const CONSOLE = packagePath('src/console');
/** What pages share. A page may add to it. */
const SHARED = 'design';

/** The names that selectors begin with, by the folder of the page whose styles have them. */
function beginnings(): Map<string, Set<string>> {
  const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'));
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const styles = readFileSync(join(CONSOLE, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
    const selectors = [...styles.matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) => list.split(/,(?![^(]*\))/));
    for (const selector of selectors) {
      const [name] = /^[.a-z][\w-]*/i.exec(selector.trim()) ?? [];
      if (name !== undefined && !/^(from|to)$/.test(name))
        found.set(name, (found.get(name) ?? new Set()).add(file.split(/[/\\]/)[0] ?? ''));
    }
  }
  return found;
}

test('the styles of a page are not those of another one: a browser keeps both when it goes from page to page', () => {
  const all = beginnings();
  expect(all.get('.alerts-page')).toEqual(new Set(['alerts']));
  const shared = [...all].filter(([, pages]) => pages.size > 1 && !pages.has(SHARED));
  expect(shared.map(([name, pages]) => `${name}: ${[...pages].join(', ')}`)).toEqual([]);
});

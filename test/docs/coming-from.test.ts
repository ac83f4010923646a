import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGE = 'docs/coming-from.md';
const FOLDER = 'examples/coming-from';
const FEWEST = 6;

const page = readFileSync(PAGE, 'utf8');
/** The rows of all tables: their rule files. */
const named = [...page.matchAll(/^\|.*\| \[([\w-]+)\]\(\.\.\/(\S+)\) +\|$/gm)].map(([, name = '', file = '']) => ({
  name,
  file,
}));
const rows = page.split('\n').filter((line) => /^\| (?!Idiom|-)/.test(line));
const systems = readdirSync(FOLDER);

describe(PAGE, () => {
  it('names a rule in every row, and each rule once', () => {
    expect(named).toHaveLength(rows.length);
    expect(new Set(named.map(({ file }) => file)).size).toBe(named.length);
  });

  it.each(named)('$file exists, with tests and with the id that the page shows', ({ name, file }) => {
    expect(existsSync(file.replace('.yaml', '.test.yaml'))).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^id: ${name}$`, 'm'));
  });

  it.each(systems)('has every rule of %s, at least six', (system) => {
    const files = readdirSync(join(FOLDER, system)).filter((file) => !file.endsWith('.test.yaml'));
    const shown = named.filter(({ file }) => file.startsWith(`${FOLDER}/${system}/`));
    expect(shown.map(({ name }) => `${name}.yaml`).sort()).toEqual(files.sort());
    expect(files.length).toBeGreaterThanOrEqual(FEWEST);
  });

  it('has a section for every system', () => {
    const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
    expect(sections).toHaveLength(systems.length);
    for (const section of page.split(/^## /m).slice(1)) expect(section).toContain('What vigil does otherwise:');
  });
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsTable } from '../support/documents/settings-table.ts';

it('the README has the same settings as the schema', () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, table] = /<!-- settings -->\n([^]*?)\n<!-- \/settings -->/.exec(readme) ?? [];
  expect(table?.trim(), 'put what settingsTable() gives between <!-- settings --> and <!-- /settings -->').toBe(
    settingsTable(),
  );
});

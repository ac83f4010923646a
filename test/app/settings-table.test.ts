import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsTable } from '../support/settings-table.ts';

it('docs/settings.md has the same settings as the schema', () => {
  const page = readFileSync('docs/settings.md', 'utf8');
  const [, table] = /<!-- settings -->\n([^]*?)\n<!-- \/settings -->/.exec(page) ?? [];
  expect(table?.trim(), 'put what settingsTable() gives between <!-- settings --> and <!-- /settings -->').toBe(
    settingsTable(),
  );
});

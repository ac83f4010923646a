import type { z } from 'zod';
import { configSchema, variableOf } from '../../src/app/config.ts';

/** The settings as a Markdown table, as in docs/settings.md between `<!-- settings -->` and `<!-- /settings -->`. */
export function settingsTable(): string {
  const rows = Object.values(configSchema.shape).map(
    (type) => `| \`${variableOf(type)}\` | ${shownDefault(type)} | ${type.meta()?.description ?? ''} |`,
  );
  return ['| Variable | Default | What it is |', '|---|---|---|', ...rows].join('\n');
}

function shownDefault(type: z.ZodType): string {
  const shown = type.meta()?.['shownDefault'];
  return typeof shown === 'string' ? shown : `\`${String(type.parse(undefined))}\``;
}

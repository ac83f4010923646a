import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { textTable } from '../../src/cli/output/text-table.ts';
import { endOnSignals } from '../end-on-signals.ts';
import { writeSection } from '../page.ts';
import { rows, section, summary } from './report/report.ts';
import { soak } from './run.ts';
import { isGood } from './report/verdict.ts';

interface Options {
  minutes: number;
  json?: string;
  write?: string;
}

const DEFAULT_MINUTES = 10;

const { minutes, json, write } = new Command('soak')
  .description(
    'Runs vigil at half of its peak load. Exits with 0, or 1 if memory or lag grows, or an alert is missing, duplicated or out of order.',
  )
  .option('--minutes <number>', 'duration in minutes', positive, DEFAULT_MINUTES)
  .option('--json <file>', 'write the report with all samples as JSON')
  .option('--write <file>', 'write the figures into a Markdown page')
  .parse()
  .opts<Options>();

endOnSignals();
const startedMs = performance.now();
const report = await soak(minutes, (line) =>
  console.error(`${((performance.now() - startedMs) / 1_000).toFixed(0).padStart(4)} s: ${line}`),
);
console.log(summary(report));
console.log(textTable(rows(report)));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
if (write !== undefined) writeSection(write, 'soak', section(report));
process.exitCode = isGood(report.judged, report.comparison) ? 0 : 1;

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a positive number.');
  return number;
}

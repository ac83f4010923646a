import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { BENCHES, benchesFor } from './benches.ts';
import { endOnSignals } from './end-on-signals.ts';
import { machineText, thisMachine } from './machine.ts';
import { writePage } from './page.ts';
import { reportTable, type Report } from './report.ts';
import { reachesTarget } from './row.ts';
import { runApart } from './run-apart.ts';

interface Options {
  json?: string;
  write?: string;
  list?: true;
}

const command = new Command('bench')
  .description('Measures vigil against baselines in the same run. Exits with 0, or 1 if a target is missed.')
  .argument('[names...]', 'benchmarks to run, by name prefix (default: all)')
  .option('--json <file>', 'write the report as JSON')
  .option('--write <file>', 'write the figures into a Markdown page')
  .option('--list', 'list the benchmarks without running them')
  .parse();

endOnSignals();
await bench(command.args, command.opts<Options>());

async function bench(names: readonly string[], { json, write, list }: Options): Promise<void> {
  const chosen = benchesFor(names);
  if (chosen.length === 0)
    command.error(
      `No benchmark matches ${names.join(', ')}. Available: ${BENCHES.map(({ name }) => name).join(', ')}.`,
    );
  if (list === true) {
    for (const { name, about } of chosen) console.log(`${name}: ${about}`);
    return;
  }
  const report: Report = { at: new Date().toISOString(), machine: thisMachine(), benches: [] };
  console.log(machineText(report.machine));
  for (const each of chosen) {
    console.error(`${each.name} …`);
    report.benches.push({ name: each.name, about: each.about, rows: await runApart(each) });
  }
  console.log(reportTable(report));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  if (write !== undefined) writePage(write, report);
  process.exitCode = report.benches.every(({ rows }) => rows.every(reachesTarget)) ? 0 : 1;
}

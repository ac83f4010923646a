import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../core/primitives/duration.ts';
import { parseTime } from '../core/model/event.ts';
import type { CliIo } from './io.ts';

/** What needs no running vigil: rules are checked, tested, and tried on recorded events. */
export function addOfflineCommands(
  program: Command,
  rules: Command,
  io: CliIo,
  setExitCode: (code: number) => void,
): void {
  rules
    .command('check <file...>')
    .description('check files of rules and of rule tests, or folders of them, without a server')
    .option('--json', 'answer in JSON')
    .action(async (files: string[], { json }: { json?: true }) => {
      const { checkRules } = await import('./commands/check-rules.ts');
      setExitCode(await checkRules(files, { io, json: json === true }));
    });
  rules
    .command('test <file...>')
    .description('run rule tests in files, or in folders (*.test.yaml), without a server')
    .action(async (files: string[]) => {
      const { testRules } = await import('./commands/test-rules.ts');
      setExitCode(await testRules(files, io));
    });
  rules
    .command('schema')
    .description('print the JSON Schema of rules, for editors')
    .option('--test', 'of files with rule tests')
    .action(async ({ test }: { test?: true }) => {
      const { printSchema } = await import('./commands/print-schema.ts');
      printSchema(test === true ? 'test' : 'rule', io);
    });
  rules
    .command('reference')
    .description('print the reference of the rule language, Markdown')
    .action(async () => {
      const { printReference } = await import('./commands/rules-reference.ts');
      await printReference(io);
    });
  addBacktest(program, io, setExitCode);
}

interface BacktestOptions {
  rules: string[];
  events?: string;
  stream?: true;
  since?: number;
  nats?: string;
  until?: number;
  json?: true;
}

function addBacktest(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  program
    .command('backtest')
    .description('play recorded events through rules, and tell what would have fired')
    .requiredOption('--rules <file...>', 'rule files')
    .addOption(
      new Option('--events <file>', 'a JSON object a line: clientId, type, time, any further properties').conflicts([
        'stream',
        'since',
        'nats',
      ]),
    )
    .option('--stream', 'play what the event stream retains')
    .option(
      '--since <time>',
      'of the stream: from this long ago (7d), or from an ISO 8601 time; default all',
      timeOrAge,
    )
    .option('--nats <url>', 'of the stream: where NATS runs; else NATS_URL, else nats://localhost:4222')
    .option(
      '--until <time>',
      'where it ends, ISO 8601; default with the last event of a file, and now for the stream',
      time,
    )
    .option('--json', 'a JSON line for each transition, and nothing else')
    .action(async ({ rules, events, stream, since, nats, until, json }: BacktestOptions, command: Command) => {
      if (events === undefined && stream === undefined)
        command.error('error: say what to play: --events <file>, or --stream');
      const source = events === undefined ? { natsUrl: nats, sinceMs: since } : { file: events };
      const { runBacktest } = await import('./commands/backtest.ts');
      setExitCode(await runBacktest({ rules, source, untilMs: until, json: json === true }, io));
    });
}

function time(text: string): number {
  const ms = parseTime(/^\d+$/.test(text) ? Number(text) : text);
  if (ms === undefined)
    throw new InvalidArgumentError('It must be ISO 8601, such as 2026-01-01T00:00:00Z, or epoch milliseconds.');
  return ms;
}

function timeOrAge(text: string): number {
  const ageMs = parseDuration(text);
  return ageMs === undefined ? time(text) : Date.now() - ageMs;
}

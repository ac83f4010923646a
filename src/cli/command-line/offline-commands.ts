import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../../core/primitives/text/duration.ts';
import { parseTime } from '../../core/model/event/event.ts';
import type { CliIo } from '../io.ts';

/** Adds the commands that need no running vigil: check, test, schema, reference and backtest. */
export function addOfflineCommands(
  program: Command,
  rules: Command,
  io: CliIo,
  setExitCode: (code: number) => void,
): void {
  rules
    .command('check <file...>')
    .description('check rule files and rule-test files, or directories of them, without a server')
    .option('--json', 'print JSON')
    .action(async (files: string[], { json }: { json?: true }) => {
      const { checkRules } = await import('../commands/offline/check-rules.ts');
      setExitCode(await checkRules(files, { io, json: json === true }));
    });
  rules
    .command('test <file...>')
    .description('run the rule tests in files or directories (*.test.yaml), without a server')
    .action(async (files: string[]) => {
      const { testRules } = await import('../commands/offline/test-rules.ts');
      setExitCode(await testRules(files, io));
    });
  rules
    .command('schema')
    .description('print the JSON Schema of rules, for editors')
    .option('--test', 'print the schema of rule-test files')
    .action(async ({ test }: { test?: true }) => {
      const { printSchema } = await import('../commands/offline/print-schema.ts');
      printSchema(test === true ? 'test' : 'rule', io);
    });
  rules
    .command('reference')
    .description('print the reference of the rule language as Markdown')
    .action(async () => {
      const { printReference } = await import('../commands/offline/rules-reference.ts');
      await printReference(io);
    });
  program
    .command('asyncapi')
    .description('print the AsyncAPI document of the subjects of NATS and their messages')
    .action(async () => {
      const { printAsyncApi } = await import('../commands/offline/print-asyncapi.ts');
      printAsyncApi(io);
    });
  addBacktest(program, io, setExitCode);
}

interface BacktestOptions {
  rules: string[];
  events?: string;
  stream?: true;
  since?: number;
  nats?: string;
  from?: number;
  until?: number;
  json?: true;
}

function addBacktest(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  program
    .command('backtest')
    .description('evaluate rules on recorded events and print the alerts')
    .requiredOption('--rules <file...>', 'rule files')
    .addOption(
      new Option(
        '--events <file>',
        'a file with one JSON object per line: clientId, type, time and other properties',
      ).conflicts(['stream', 'since', 'nats']),
    )
    .option('--stream', 'use the events in the event stream, also those over a quota')
    .option('--since <time>', 'with --stream: start at this age (7d) or ISO 8601 time (default: all events)', timeOrAge)
    .option('--nats <url>', 'with --stream: URL of NATS (default: NATS_URL, or nats://localhost:4222)')
    .option(
      '--from <time>',
      'start time of the rules, ISO 8601: shows what time alone brings about before the first event (default: the first event)',
      time,
    )
    .option('--until <time>', 'end time, ISO 8601 (default: the last event of a file, or now for the stream)', time)
    .option('--json', 'print only one JSON line per transition')
    .action(async ({ rules, events, stream, since, nats, from, until, json }: BacktestOptions, command: Command) => {
      if (events === undefined && stream === undefined) command.error('error: use --events <file> or --stream');
      if (from !== undefined && until !== undefined && from > until) command.error('error: --from is after --until');
      const source = events === undefined ? { natsUrl: nats, sinceMs: since } : { file: events };
      const { runBacktest } = await import('../commands/offline/backtest.ts');
      setExitCode(await runBacktest({ rules, source, fromMs: from, untilMs: until, json: json === true }, io));
    });
}

function time(text: string): number {
  const ms = parseTime(/^\d+$/.test(text) ? Number(text) : text);
  if (ms === undefined)
    throw new InvalidArgumentError('Use ISO 8601, such as 2026-01-01T00:00:00Z, or epoch milliseconds.');
  return ms;
}

function timeOrAge(text: string): number {
  const ageMs = parseDuration(text);
  return ageMs === undefined ? time(text) : Date.now() - ageMs;
}

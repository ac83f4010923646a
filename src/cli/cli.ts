import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../app/paths.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { apiCommand, asked, type ApiOptions } from './api-command.ts';
import { wholeNumber } from './command-line/arguments.ts';
import type { ExplainOptions } from './commands/rules/explain.ts';
import { addResetCommand } from './command-line/reset-command.ts';
import { addAlertCommands } from './command-line/alert-commands.ts';
import { addDeadLetterCommands } from './command-line/dead-letter-commands.ts';
import { DIFFERS, FAILED, NOT_COMPARED, OK, type CliIo } from './io.ts';
import { addPauseCommands } from './command-line/pause-commands.ts';
import { addPreviewCommand } from './command-line/preview-command.ts';
import { addQuotaCommands } from './command-line/quota-commands.ts';
import { addTokenCommands } from './command-line/token-commands.ts';
import { addOfflineCommands } from './command-line/offline-commands.ts';

/**
 * The `vigil` command. Resolves with the exit code; throws only unexpected errors. Loads the code of a command on
 * demand, so that each command starts fast.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = OK;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof VigilError)) throw error;
    io.stderr.write(`vigil: ${error.code}: ${error.message}\n`);
    return FAILED;
  }
}

function createProgram(io: CliIo, setExitCode: (code: number) => void): Command {
  const program = new Command('vigil')
    .description('Continuous alert rules over streaming events.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });

  program
    .command('start')
    .description('start vigil and the servers it needs; Ctrl-C stops all of them')
    .option('--fresh', 'delete the data of the servers that vigil starts')
    .option('--no-simulator', 'do not simulate machines')
    .action(async ({ fresh, simulator }: { fresh?: true; simulator: boolean }) => {
      const { run } = await import('../app/run.ts');
      setExitCode(await run([...(fresh ? ['--fresh'] : []), ...(simulator ? [] : ['--no-simulator'])]));
    });

  const rules = program
    .command('rules')
    .description('check and test rules; apply, list, show and delete the rules of a running vigil');
  addOfflineCommands(program, rules, io, setExitCode);
  addApiCommands(rules, io, setExitCode);
  addPreviewCommand(rules, io);
  addExplainCommand(program, io);
  addAlertCommands(program, io, setExitCode);
  addResetCommand(program, io, setExitCode);
  addPauseCommands(program, io, setExitCode);
  addDeadLetterCommands(program, io, setExitCode);
  addAuditCommand(program, io);
  addQuotaCommands(program, io);
  addTokenCommands(program, io);
  return program;
}

interface PruneOptions extends ApiOptions {
  prune?: true;
  client?: string[];
}

/** --prune needs --client, so nobody deletes the rules of another client by accident. */
function clientsToPrune({ prune, client = [] }: PruneOptions, command: Command): string[] {
  if ((prune === true) !== client.length > 0) command.error('error: --prune and --client <id> need each other');
  return client;
}

const SWITCHES = [
  ['enable', 'enable a rule'],
  ['disable', 'disable a rule and resolve its alerts'],
] as const;

function addApiCommands(rules: Command, io: CliIo, setExitCode: (code: number) => void): void {
  apiCommand(
    rules,
    'apply <file...>',
    'create or update the rules in YAML or JSON files or in folders that differ from the stored ones; a file can have several rules',
  )
    .option('--prune', 'delete the rules of the clients of --client that are in no file')
    .option('--client <id...>', 'with --prune: the clients whose other rules to delete')
    .option('--dry-run', 'print what would change, and what that would reset; change nothing')
    .action(async (files: string[], { dryRun, ...options }: PruneOptions & { dryRun?: true }, command: Command) => {
      const clients = clientsToPrune(options, command);
      if (dryRun === true) {
        const { diffRules } = await import('./commands/rules/diff-rules.ts');
        const { isValid } = await diffRules(files, clients, asked(io, options));
        if (!isValid) setExitCode(FAILED);
        return;
      }
      const { applyRules } = await import('./commands/rules/apply-rules.ts');
      setExitCode(await applyRules(files, clients, asked(io, options)));
    });
  apiCommand(
    rules,
    'diff <file...>',
    'print what applying the files would change, and what that would reset; exit code 1 if something would change, 2 after an error',
  )
    .exitOverride((error) => {
      throw new CommanderError(error.exitCode === OK ? OK : NOT_COMPARED, error.code, error.message);
    })
    .option('--prune', 'also rules of the clients of --client that are in no file')
    .option('--client <id...>', 'with --prune: the clients whose other rules to compare')
    .action(async (files: string[], options: PruneOptions, command: Command) => {
      const { diffRules } = await import('./commands/rules/diff-rules.ts');
      try {
        const { isSame, isValid } = await diffRules(files, clientsToPrune(options, command), asked(io, options));
        setExitCode(!isValid ? NOT_COMPARED : isSame ? OK : DIFFERS);
      } catch (error) {
        if (!(error instanceof VigilError)) throw error;
        io.stderr.write(`vigil: ${error.code}: ${error.message}\n`);
        setExitCode(NOT_COMPARED);
      }
    });
  apiCommand(rules, 'list', 'list the rules and their status')
    .option('--client <id>', 'only the rules of this client')
    .action(async (options: ApiOptions & { client?: string }) => {
      const { listRules } = await import('./commands/rules/list-rules.ts');
      await listRules(options.client, asked(io, options));
    });
  apiCommand(rules, 'get <client> <rule>', 'show a rule as YAML that you can apply again')
    .argument('[version]', 'an earlier version, from its history', wholeNumber)
    .action(async (clientId: string, ruleId: string, version: number | undefined, options: ApiOptions) => {
      const { getRule } = await import('./commands/rules/one-rule.ts');
      await getRule({ clientId, ruleId, version }, asked(io, options));
    });
  apiCommand(rules, 'history <client> <rule>', 'list the versions of a rule, newest first, with who made them')
    .option('--diff', 'what each version changed, too')
    .action(async (clientId: string, ruleId: string, options: ApiOptions & { diff?: true }) => {
      const { ruleHistory } = await import('./commands/rules/rule-versions.ts');
      await ruleHistory({ clientId, ruleId, diff: options.diff === true }, asked(io, options));
    });
  apiCommand(rules, 'rollback <client> <rule>', 'store an earlier version of a rule again')
    .argument('<version>', 'version number from the history', wholeNumber)
    .action(async (clientId: string, ruleId: string, version: number, options: ApiOptions) => {
      const { rollBackRule } = await import('./commands/rules/rule-versions.ts');
      await rollBackRule({ clientId, ruleId }, version, asked(io, options));
    });
  for (const [command, description] of SWITCHES)
    apiCommand(rules, `${command} <client> <rule>`, description).action(
      async (clientId: string, ruleId: string, options: ApiOptions) => {
        const { switchRule } = await import('./commands/rules/one-rule.ts');
        await switchRule({ clientId, ruleId }, command, asked(io, options));
      },
    );
  apiCommand(rules, 'delete <client> <rule>', 'delete a rule and resolve its alerts').action(
    async (clientId: string, ruleId: string, options: ApiOptions) => {
      const { deleteRule } = await import('./commands/rules/one-rule.ts');
      await deleteRule({ clientId, ruleId }, asked(io, options));
    },
  );
}

function addExplainCommand(program: Command, io: CliIo): void {
  apiCommand(program, 'explain <client> <rule>', 'say why a rule fires or does not, and what is ahead')
    .option('--group <values>', 'with groupBy: the values of the group, separated by commas')
    .option('--partition <values>', 'a partition: the values of partitionBy, separated by commas')
    .option('--where', 'also which of the newest events `where` matches; said anyway if no partition is live')
    .action(async (clientId: string, ruleId: string, options: ApiOptions & ExplainWords) => {
      const { explainRule } = await import('./commands/rules/explain.ts');
      const { group, partition, where, ...rest } = options;
      await explainRule({ clientId, ruleId, group, partition, where }, asked(io, rest));
    });
}

type ExplainWords = Omit<ExplainOptions, 'clientId' | 'ruleId'>;

const AUDIT_LIMIT = 50;

function addAuditCommand(program: Command, io: CliIo): void {
  apiCommand(program, 'audit', 'list who has changed what, newest first')
    .option('--client <id>', 'only of this client')
    .option('--rule <id>', 'only of this rule and its alerts')
    .option('--action <name>', 'only this action, such as putRule')
    .option('--since <time>', 'only from this time on: ISO 8601, or a duration before now such as 2d')
    .option('--limit <number>', 'maximum number', wholeNumber, AUDIT_LIMIT)
    .action(async ({ client, rule, action, since, limit, ...options }: ApiOptions & AuditOptions) => {
      const { listAudit } = await import('./commands/administration/audit.ts');
      await listAudit({ clientId: client, rule, action, since, limit }, asked(io, options));
    });
}

interface AuditOptions {
  client?: string;
  rule?: string;
  action?: string;
  since?: string;
  limit: number;
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

import { CommanderError, type Command } from 'commander';
import { VigilError } from '../../core/primitives/errors.ts';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import { wholeNumber } from './arguments.ts';
import { DIFFERS, FAILED, NOT_COMPARED, OK, type CliIo } from '../io.ts';

interface PruneOptions extends ServerOptions {
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

/** Adds the `vigil rules` commands that need a running vigil. */
export function addRuleCommands(rules: Command, io: CliIo, setExitCode: (code: number) => void): void {
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
        const { diffRules } = await import('../commands/rules/diff-rules.ts');
        const { isValid } = await diffRules(files, clients, asked(io, options));
        if (!isValid) setExitCode(FAILED);
        return;
      }
      const { applyRules } = await import('../commands/rules/apply-rules.ts');
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
      const { diffRules } = await import('../commands/rules/diff-rules.ts');
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
    .action(async (options: ServerOptions & { client?: string }) => {
      const { listRules } = await import('../commands/rules/list-rules.ts');
      await listRules(options.client, asked(io, options));
    });
  apiCommand(rules, 'get <client> <rule>', 'show a rule as YAML that you can apply again')
    .argument('[version]', 'an earlier version, from its history', wholeNumber)
    .action(async (clientId: string, ruleId: string, version: number | undefined, options: ServerOptions) => {
      const { getRule } = await import('../commands/rules/one-rule.ts');
      await getRule({ clientId, ruleId, version }, asked(io, options));
    });
  apiCommand(rules, 'history <client> <rule>', 'list the versions of a rule, newest first, with who made them')
    .option('--diff', 'what each version changed, too')
    .action(async (clientId: string, ruleId: string, options: ServerOptions & { diff?: true }) => {
      const { ruleHistory } = await import('../commands/rules/rule-versions.ts');
      await ruleHistory({ clientId, ruleId, diff: options.diff === true }, asked(io, options));
    });
  apiCommand(rules, 'rollback <client> <rule>', 'store an earlier version of a rule again')
    .argument('<version>', 'version number from the history', wholeNumber)
    .action(async (clientId: string, ruleId: string, version: number, options: ServerOptions) => {
      const { rollBackRule } = await import('../commands/rules/rule-versions.ts');
      await rollBackRule({ clientId, ruleId }, version, asked(io, options));
    });
  for (const [command, description] of SWITCHES)
    apiCommand(rules, `${command} <client> <rule>`, description).action(
      async (clientId: string, ruleId: string, options: ServerOptions) => {
        const { switchRule } = await import('../commands/rules/one-rule.ts');
        await switchRule({ clientId, ruleId }, command, asked(io, options));
      },
    );
  apiCommand(rules, 'delete <client> <rule>', 'delete a rule and resolve its alerts').action(
    async (clientId: string, ruleId: string, options: ServerOptions) => {
      const { deleteRule } = await import('../commands/rules/one-rule.ts');
      await deleteRule({ clientId, ruleId }, asked(io, options));
    },
  );
}

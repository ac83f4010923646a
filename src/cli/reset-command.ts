import { Option, type Command } from 'commander';
import { apiCommand, asked, type ApiOptions } from './api-command.ts';
import type { CliIo } from './io.ts';

interface ResetOptions extends ApiOptions {
  client: string;
  rule?: string;
  by?: string;
  dryRun?: true;
  to: 'clean';
}

/** Adds `vigil reset`. */
export function addResetCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  apiCommand(program, 'reset', 'rebuild the state of rules from the event stream, and publish only what differs')
    .requiredOption('--client <id>', 'the client')
    .option('--rule <id>', 'only this rule (default: all rules of the client)')
    .addOption(new Option('--to <state>', 'the state to begin with').choices(['clean']).default('clean'))
    .option('--by <name>', 'who asks for it (default: the user of this machine)')
    .option('--dry-run', 'only list the partition sets')
    .action(async ({ client, rule, by, dryRun, to: _clean, ...options }: ResetOptions) => {
      const { resetSets } = await import('./commands/reset.ts');
      setExitCode(await resetSets({ clientId: client, ruleId: rule, by, dryRun: dryRun === true }, asked(io, options)));
    });
}

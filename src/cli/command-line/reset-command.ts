import type { Command } from 'commander';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { CliIo } from '../io.ts';

interface ResetOptions extends ServerOptions {
  client: string;
  rule?: string;
  by?: string;
  dryRun?: true;
  to: string;
}

/** Adds `vigil reset`. */
export function addResetCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  apiCommand(program, 'reset', 'rebuild the state of rules from the event stream, and publish only what differs')
    .requiredOption('--client <id>', 'the client')
    .option('--rule <id>', 'only this rule (default: all rules of the client)')
    .option('--to <time>', 'clean: from all events; or an ISO 8601 time, or a duration before now such as 2h', 'clean')
    .option('--by <name>', 'who asks for it (default: the user of this machine)')
    .option('--dry-run', 'only list the partition sets, and what each would read again')
    .action(async ({ client, rule, by, dryRun, to, ...options }: ResetOptions) => {
      const { resetSets } = await import('../commands/rules/reset.ts');
      setExitCode(
        await resetSets({ clientId: client, ruleId: rule, to, by, dryRun: dryRun === true }, asked(io, options)),
      );
    });
}

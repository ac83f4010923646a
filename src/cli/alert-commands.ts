import type { Command } from 'commander';
import { apiCommand, asked, type ApiOptions } from './api-command.ts';
import { wholeNumber } from './arguments.ts';
import type { CliIo } from './io.ts';

const USUAL_LIMIT = 50;

interface Filters extends ApiOptions {
  all?: true;
  rule?: string;
  severity?: string;
  limit: number;
}

/** Adds the `vigil alerts` commands. */
export function addAlertCommands(program: Command, io: CliIo): void {
  const parent = program.command('alerts').description('list and show the alerts of a client');

  apiCommand(parent, 'list <client>', 'list the alerts that fire now, the newest change first')
    .option('--all', 'those that have ended, too')
    .option('--rule <id>', 'only those of this rule')
    .option('--severity <severity>', 'only those with this severity')
    .option('--limit <number>', 'maximum number', wholeNumber, USUAL_LIMIT)
    .action(async (clientId: string, { all, rule, severity, limit, ...options }: Filters) => {
      const { listAlerts } = await import('./commands/alerts.ts');
      await listAlerts({ clientId, all: all === true, rule, severity, limit }, asked(io, options));
    });
  apiCommand(parent, 'show <client> <alert>', 'show the life of an alert').action(
    async (clientId: string, alertId: string, options: ApiOptions) => {
      const { showAlert } = await import('./commands/alerts.ts');
      await showAlert(clientId, alertId, asked(io, options));
    },
  );
  apiCommand(parent, 'rebuild', 'build the lists of alerts again from the alert stream').action(
    async (options: ApiOptions) => {
      const { rebuildAlerts } = await import('./commands/alerts.ts');
      await rebuildAlerts(asked(io, options));
    },
  );
}

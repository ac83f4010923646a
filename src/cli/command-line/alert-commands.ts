import type { Command } from 'commander';
import type { AlertAction } from '../../core/model/alert/operator-action.ts';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import { wholeNumber } from './arguments.ts';
import type { CliIo } from '../io.ts';

const USUAL_LIMIT = 50;

interface Filters extends ServerOptions {
  all?: true;
  rule?: string;
  severity?: string;
  limit: number;
}

interface ActOptions extends ServerOptions {
  note?: string;
  until?: string;
}

interface CloseOptions extends ServerOptions {
  dryRun?: true;
}

const ACTIONS: Record<AlertAction, string> = {
  acknowledge: 'say that somebody takes care of alerts; their reminders stop',
  unacknowledge: 'take acknowledgements back',
  snooze: 'notify nobody of alerts until a time',
  unsnooze: 'end snoozes',
};

/** Adds the `vigil alerts` commands. */
export function addAlertCommands(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const parent = program.command('alerts').description('list, show, acknowledge and snooze the alerts of a client');

  apiCommand(parent, 'list <client>', 'list the alerts that fire now, the newest change first')
    .option('--all', 'those that have ended, too')
    .option('--rule <id>', 'only those of this rule')
    .option('--severity <severity>', 'only those with this severity')
    .option('--limit <number>', 'maximum number', wholeNumber, USUAL_LIMIT)
    .action(async (clientId: string, { all, rule, severity, limit, ...options }: Filters) => {
      const { listAlerts } = await import('../commands/alerts/alerts.ts');
      await listAlerts({ clientId, all: all === true, rule, severity, limit }, asked(io, options));
    });
  apiCommand(parent, 'show <client> <alert>', 'show the life of an alert').action(
    async (clientId: string, alertId: string, options: ServerOptions) => {
      const { showAlert } = await import('../commands/alerts/alerts.ts');
      await showAlert(clientId, alertId, asked(io, options));
    },
  );
  for (const [action, description] of Object.entries(ACTIONS)) {
    const command = apiCommand(parent, `${action} <client> <alert...>`, description)
      .option('--by <name>', 'who acts (default: VIGIL_USER, or the user of this machine)')
      .option('--note <text>', 'why');
    if (action === 'snooze') command.requiredOption('--until <time>', 'its end: ISO 8601, or a duration such as 2h');
    command.action(async (clientId: string, ids: string[], { note, until, ...options }: ActOptions) => {
      const { actOnAlerts } = await import('../commands/alerts/act-on-alerts.ts');
      setExitCode(await actOnAlerts({ action, clientId, ids, note, until }, asked(io, options)));
    });
  }
  apiCommand(parent, 'close-orphaned <client>', 'close alerts that fire in the list, but that nothing decides any more')
    .option('--dry-run', 'only list them')
    .option('--by <name>', 'who closes them (default: VIGIL_USER, or the user of this machine)')
    .action(async (clientId: string, { dryRun, ...options }: CloseOptions) => {
      const { closeOrphaned } = await import('../commands/alerts/close-orphaned.ts');
      await closeOrphaned({ clientId, dryRun: dryRun === true }, asked(io, options));
    });
  apiCommand(parent, 'rebuild', 'build the lists of alerts again from the alert stream').action(
    async (options: ServerOptions) => {
      const { rebuildAlerts } = await import('../commands/alerts/alerts.ts');
      await rebuildAlerts(asked(io, options));
    },
  );
}

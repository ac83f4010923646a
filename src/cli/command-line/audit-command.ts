import type { Command } from 'commander';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import { wholeNumber } from './arguments.ts';
import type { CliIo } from '../io.ts';

const AUDIT_LIMIT = 50;

interface AuditOptions {
  client?: string;
  rule?: string;
  action?: string;
  since?: string;
  limit: number;
}

/** Adds `vigil audit`. */
export function addAuditCommand(program: Command, io: CliIo): void {
  apiCommand(program, 'audit', 'list who has changed what, newest first')
    .option('--client <id>', 'only of this client')
    .option('--rule <id>', 'only of this rule and its alerts')
    .option('--action <name>', 'only this action, such as putRule')
    .option('--since <time>', 'only from this time on: ISO 8601, or a duration before now such as 2d')
    .option('--limit <number>', 'maximum number', wholeNumber, AUDIT_LIMIT)
    .action(async ({ client, rule, action, since, limit, ...options }: ServerOptions & AuditOptions) => {
      const { listAudit } = await import('../commands/administration/audit.ts');
      await listAudit({ clientId: client, rule, action, since, limit }, asked(io, options));
    });
}

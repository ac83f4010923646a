import type { Command } from 'commander';
import { ROLES } from '../../core/model/access/access.ts';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { CliIo } from '../io.ts';

interface NewToken {
  name: string;
  role: string;
  client?: string;
  expires?: string;
}

/** Adds the `vigil tokens` commands. */
export function addTokenCommands(program: Command, io: CliIo): void {
  const parent = program
    .command('tokens')
    .description('create, list and revoke tokens: who may use vigil, and for what');
  apiCommand(parent, 'create', 'create a token and print it: vigil shows it only once')
    .requiredOption('--name <name>', 'whose token it is, for the audit')
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--client <id>', 'only for this client (default: for all)')
    .option('--expires <duration>', 'how long it is valid, such as 30d, or never (default: 90d)')
    .action(async ({ name, role, client, expires, ...options }: ServerOptions & NewToken) => {
      const { createToken } = await import('../commands/administration/tokens.ts');
      const body = { name, role, ...(client && { clientId: client }), ...(expires && { expiresIn: expires }) };
      await createToken(body, asked(io, options));
    });
  apiCommand(parent, 'list', 'list tokens, also expired and revoked ones').action(async (options: ServerOptions) => {
    const { listTokens } = await import('../commands/administration/tokens.ts');
    await listTokens(asked(io, options));
  });
  apiCommand(parent, 'revoke <id>', 'revoke a token: it lets nobody in any more').action(
    async (id: string, options: ServerOptions) => {
      const { revokeToken } = await import('../commands/administration/tokens.ts');
      await revokeToken(id, asked(io, options));
    },
  );
}

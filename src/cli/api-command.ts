import type { Command } from 'commander';
import { createApiClient, type ApiCommand } from './api-client.ts';
import type { CliIo } from './io.ts';
import { userName } from './user.ts';

export interface ServerOptions {
  url?: string;
  /** Who acts. */
  by?: string;
  json?: true;
}

/** Adds a command that calls the API, with the options --url and --json. */
export const apiCommand = (parent: Command, nameAndArgs: string, description: string): Command =>
  parent
    .command(nameAndArgs)
    .description(description)
    .option('--url <address>', 'URL of vigil (default: VIGIL_URL, or http://localhost:3000)')
    .option('--json', 'print JSON');

/** The context of a command. @throws VigilError CONFIG_INVALID */
export function asked(io: CliIo, { url, json, by }: ServerOptions): ApiCommand {
  const user = by ?? userName(io.env);
  const token = io.env['VIGIL_TOKEN'];
  // The token names its user better than the account of this machine does.
  const isNamed = by !== undefined || Boolean(io.env['VIGIL_USER']) || !token;
  const api = createApiClient(url ?? io.env['VIGIL_URL'], io.fetch, { user: isNamed ? user : undefined, token });
  return { io, api, user, json: json === true };
}

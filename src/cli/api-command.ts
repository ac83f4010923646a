import type { Command } from 'commander';
import { createApiClient, type ApiCommand } from './api-client.ts';
import type { CliIo } from './io.ts';

export interface ApiOptions {
  url?: string;
  json?: true;
}

/** A command that asks vigil: it may be told where that is, and to answer in JSON. */
export const apiCommand = (parent: Command, nameAndArgs: string, description: string): Command =>
  parent
    .command(nameAndArgs)
    .description(description)
    .option('--url <address>', 'where vigil runs; else VIGIL_URL, else http://localhost:3000')
    .option('--json', 'answer in JSON');

/** @throws VigilError CONFIG_INVALID */
export const asked = (io: CliIo, { url, json }: ApiOptions): ApiCommand => ({
  io,
  api: createApiClient(url ?? io.env['VIGIL_URL'], io.fetch),
  json: json === true,
});

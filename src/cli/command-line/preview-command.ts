import type { Command } from 'commander';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { CliIo } from '../io.ts';

interface PreviewOptions extends ServerOptions {
  since: string;
  client?: string;
}

/** Adds `vigil rules preview`. */
export const addPreviewCommand = (rules: Command, io: CliIo): Command =>
  apiCommand(rules, 'preview <file>', 'say what the rules of a file would have done on the events in the stream')
    .option('--client <id>', 'the client of the rules, if the file does not say it')
    .option('--since <time>', 'start at this age or ISO 8601 time', '24h')
    .action(async (file: string, { since, client, ...options }: PreviewOptions) => {
      const { previewRules } = await import('../commands/rules/preview.ts');
      await previewRules(file, { since, clientId: client }, asked(io, options));
    });

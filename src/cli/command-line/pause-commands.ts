import { Option, type Command } from 'commander';
import { RESUME_MODES, type ResumeMode } from '../../core/model/stored-rule/rule-pause.ts';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { CliIo } from '../io.ts';

interface PauseOptions extends ServerOptions {
  client: string;
  rule?: string;
}

/** Adds `vigil pause` and `vigil resume`. */
export function addPauseCommands(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const command = (name: string, description: string): Command =>
    apiCommand(program, name, description)
      .requiredOption('--client <id>', 'the client')
      .option('--rule <id>', 'only this rule (default: all rules of the client, also later ones)');
  command('pause', 'pause a rule, or a client: its state and its alerts stay as they are')
    .option('--note <text>', 'why')
    .action(async ({ client, rule, note, ...options }: PauseOptions & { note?: string }) => {
      const { turn } = await import('../commands/rules/pause.ts');
      const request = {
        clientId: client,
        ruleId: rule,
        as: 'pause',
        body: note === undefined ? {} : { note },
      } as const;
      setExitCode(await turn(request, asked(io, options)));
    });
  command('resume', 'resume a rule or a client that is paused')
    .addOption(
      new Option(
        '--mode <mode>',
        'publish what it has missed, silently catch up and publish only what differs, or begin afresh',
      )
        .choices(RESUME_MODES)
        .default('publish'),
    )
    .action(async ({ client, rule, mode, ...options }: PauseOptions & { mode: ResumeMode }) => {
      const { turn } = await import('../commands/rules/pause.ts');
      setExitCode(await turn({ clientId: client, ruleId: rule, as: 'resume', body: { mode } }, asked(io, options)));
    });
}

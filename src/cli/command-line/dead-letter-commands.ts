import type { Command } from 'commander';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import { wholeNumber } from './arguments.ts';
import type { CliIo } from '../io.ts';

interface Chosen extends ServerOptions {
  all?: true;
  client?: string;
  reason?: string;
}

const USUAL_LIMIT = 20;

/** Adds the `vigil deadletters` commands. */
export function addDeadLetterCommands(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const parent = program
    .command('deadletters')
    .description('list, show, replay and drop dead letters: events that vigil cannot process');
  const ofSome = (name: string, description: string): Command =>
    apiCommand(parent, name, description)
      .argument(
        '[sequence...]',
        'sequence numbers from the list',
        (text, before: number[]) => [...before, wholeNumber(text)],
        [],
      )
      .option('--all', 'all dead letters of a client, oldest first')
      .option('--client <id>', 'with --all: the client; _unknown for subjects without a client')
      .option('--reason <reason>', 'with --all: only those with this reason');

  apiCommand(parent, 'list', 'list dead letters, newest first')
    .option('--client <id>', 'only those of this client; _unknown for subjects without a client')
    .option('--reason <reason>', 'only those with this reason')
    .option('--limit <number>', 'maximum number', wholeNumber, USUAL_LIMIT)
    .action(async ({ client, reason, limit, ...options }: Chosen & { limit: number }) => {
      const { listDeadLetters } = await import('../commands/dead-letters/dead-letters.ts');
      await listDeadLetters({ clientId: client, reason, limit }, asked(io, options));
    });
  apiCommand(parent, 'show', 'show a dead letter with the original event')
    .argument('<sequence>', 'sequence number from the list', wholeNumber)
    .action(async (sequence: number, options: ServerOptions) => {
      const { showDeadLetter } = await import('../commands/dead-letters/dead-letters.ts');
      await showDeadLetter(sequence, asked(io, options));
    });
  ofSome('replay', 'publish dead letters again as new events, then drop them')
    .option('--payload <file>', 'for a single dead letter: a JSON file with the new payload')
    .option('--subject <subject>', 'for a single dead letter: the new subject, events.<clientId>.<type>')
    .action(
      async (
        sequences: number[],
        { payload, subject, ...options }: Chosen & { payload?: string; subject?: string },
        command: Command,
      ) => {
        const choice = choiceOf(sequences, options, command);
        const isOne = 'sequences' in choice && choice.sequences.length === 1;
        if ((payload !== undefined || subject !== undefined) && !isOne)
          command.error('error: --payload and --subject need a single sequence');
        const { replayDeadLetters } = await import('../commands/dead-letters/clear-dead-letters.ts');
        setExitCode(await replayDeadLetters(choice, { file: payload, subject }, asked(io, options)));
      },
    );
  ofSome('drop', 'delete dead letters').action(async (sequences: number[], options: Chosen, command: Command) => {
    const choice = choiceOf(sequences, options, command);
    const { dropDeadLetters } = await import('../commands/dead-letters/clear-dead-letters.ts');
    setExitCode(await dropDeadLetters(choice, asked(io, options)));
  });
}

/** The given sequences, or all of a client. --all requires --client, so nobody selects all clients by accident. */
function choiceOf(sequences: number[], { all, client, reason }: Chosen, command: Command) {
  if (all === true) {
    if (sequences.length > 0 || client === undefined)
      command.error('error: --all needs --client <id> and no sequences');
    return { clientId: client, reason };
  }
  if (client !== undefined || reason !== undefined) command.error('error: --client and --reason need --all');
  if (sequences.length === 0) command.error('error: give sequences, or --all --client <id>');
  return { sequences };
}

import { InvalidArgumentError, type Command } from 'commander';
import { apiCommand, asked, type ApiOptions } from './api-command.ts';
import type { CliIo } from './io.ts';

interface Chosen extends ApiOptions {
  all?: true;
  client?: string;
  reason?: string;
}

const USUAL_LIMIT = 20;

/** `vigil deadletters`: events that could not be used. */
export function addDeadLetterCommands(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const parent = program
    .command('deadletters')
    .description('list, show, replay and drop events that could not be used');
  const ofSome = (name: string, description: string): Command =>
    apiCommand(parent, name, description)
      .argument('[sequence...]', 'as the list has them', (text, before: number[]) => [...before, wholeNumber(text)], [])
      .option('--all', 'all of a client, oldest first')
      .option('--client <id>', 'with --all: whose; _unknown for those whose subject names no client')
      .option('--reason <reason>', 'with --all: of this reason only');

  apiCommand(parent, 'list', 'list them, newest first')
    .option('--client <id>', 'of this client only; _unknown for those whose subject names no client')
    .option('--reason <reason>', 'of this reason only')
    .option('--limit <number>', 'how many', wholeNumber, USUAL_LIMIT)
    .action(async ({ client, reason, limit, ...options }: Chosen & { limit: number }) => {
      const { listDeadLetters } = await import('./commands/dead-letters.ts');
      await listDeadLetters({ clientId: client, reason, limit }, asked(io, options));
    });
  apiCommand(parent, 'show', 'show one, with the event as it came')
    .argument('<sequence>', 'as the list has it', wholeNumber)
    .action(async (sequence: number, options: ApiOptions) => {
      const { showDeadLetter } = await import('./commands/dead-letters.ts');
      await showDeadLetter(sequence, asked(io, options));
    });
  ofSome('replay', 'publish them again as new events, and drop them once the stream has those')
    .option('--payload <file>', 'of a single one: a JSON file in place of what came')
    .option('--subject <subject>', 'of a single one: another subject, events.<clientId>.<type>')
    .action(
      async (
        sequences: number[],
        { payload, subject, ...options }: Chosen & { payload?: string; subject?: string },
        command: Command,
      ) => {
        const choice = choiceOf(sequences, options, command);
        const isOne = 'sequences' in choice && choice.sequences.length === 1;
        if ((payload !== undefined || subject !== undefined) && !isOne)
          command.error('error: --payload and --subject are for a single dead letter');
        const { replayDeadLetters } = await import('./commands/clear-dead-letters.ts');
        setExitCode(await replayDeadLetters(choice, { file: payload, subject }, asked(io, options)));
      },
    );
  ofSome('drop', 'delete them').action(async (sequences: number[], options: Chosen, command: Command) => {
    const choice = choiceOf(sequences, options, command);
    const { dropDeadLetters } = await import('./commands/clear-dead-letters.ts');
    setExitCode(await dropDeadLetters(choice, asked(io, options)));
  });
}

/** Those that are named, or all of a client: never all of everybody by accident. */
function choiceOf(sequences: number[], { all, client, reason }: Chosen, command: Command) {
  if (all === true) {
    if (sequences.length > 0 || client === undefined)
      command.error('error: --all goes with --client <id>, and without sequences');
    return { clientId: client, reason };
  }
  if (client !== undefined || reason !== undefined) command.error('error: --client and --reason go with --all');
  if (sequences.length === 0) command.error('error: say which: sequences as the list has them, or --all --client <id>');
  return { sequences };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError(`"${text}" must be a whole number above 0.`);
  return Number(text);
}

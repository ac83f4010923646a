import { readFile } from 'node:fs/promises';
import { parseJson } from '../../../core/primitives/text/parse-json.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import type { ApiCommand } from '../../api-client.ts';
import { FAILED, OK, printJson } from '../../io.ts';
import { deadLetters, type DeadLetterFilter } from './dead-letters.ts';

export type DeadLetterChoice = { sequences: number[] } | DeadLetterFilter;

/** Errors that every further request would meet too. */
const FATAL_CODES: readonly string[] = ['API_UNREACHABLE', 'NATS_UNREACHABLE'];

/**
 * Replays dead letters as new events, oldest first; a single one with another payload or subject. Resolves with the
 * exit code.
 */
export async function replayDeadLetters(
  choice: DeadLetterChoice,
  { file, subject }: { file: string | undefined; subject: string | undefined },
  command: ApiCommand,
): Promise<number> {
  const payload = file === undefined ? undefined : await readPayload(file);
  const body = payload === undefined && subject === undefined ? undefined : { subject, payload };
  return clear(choice, command, async (sequence) => {
    const answer = await command.api.request('POST', ['dead-letters', String(sequence), 'replay'], body);
    const event = (answer.body as { sequence: number }).sequence;
    return { line: `${sequence} replayed as event ${event}`, result: { sequence, event } };
  });
}

/** Deletes dead letters. Resolves with the exit code. */
export async function dropDeadLetters(choice: DeadLetterChoice, command: ApiCommand): Promise<number> {
  return clear(choice, command, async (sequence) => {
    await command.api.request('DELETE', ['dead-letters', String(sequence)]);
    return { line: `${sequence} dropped`, result: { sequence, dropped: true } };
  });
}

/** Goes on after a dead letter that fails. */
async function clear(
  choice: DeadLetterChoice,
  { io, api, json }: ApiCommand,
  work: (sequence: number) => Promise<{ line: string; result: object }>,
): Promise<number> {
  const sequences = 'sequences' in choice ? choice.sequences : await allOf(choice, api);
  const results: object[] = [];
  for (const sequence of sequences) {
    try {
      const { line, result } = await work(sequence);
      results.push(result);
      if (!json) io.stdout.write(`${line}\n`);
    } catch (error) {
      if (!(error instanceof VigilError) || FATAL_CODES.includes(error.code)) throw error;
      io.stderr.write(`${sequence}: ${error.code}: ${error.message}\n`);
    }
  }
  if (json) printJson(io, results);
  else if (sequences.length === 0) io.stdout.write('No matching dead letters.\n');
  return results.length === sequences.length ? OK : FAILED;
}

/** The current dead letters, oldest first: an event that becomes a dead letter again is not replayed twice. */
async function allOf(filter: DeadLetterFilter, api: ApiCommand['api']): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of deadLetters(api, filter)) sequences.push(sequence);
  return sequences.reverse();
}

async function readPayload(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new VigilError(
      'FILE_UNREADABLE',
      `${file}: ${error instanceof Error ? error.message : String(error)}.`,
      { file },
      { cause: error },
    );
  });
  try {
    return parseJson(text);
  } catch (error) {
    throw new VigilError(
      'EVENT_INVALID',
      `${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`,
      { file },
      { cause: error },
    );
  }
}

import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { VigilEvent } from '../../core/model/event/event.ts';
import { eventOf } from '../../core/model/event/stored-event.ts';
import type { LogMessage } from '../ports.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The client that a subject `events.<clientId>.<type>` names. */
export const clientOf = (subject: string): string => {
  const from = subject.indexOf('.') + 1;
  const to = subject.indexOf('.', from);
  return to === -1 ? subject.slice(from) : subject.slice(from, to);
};

/** @throws VigilError `EVENT_INVALID`, with the `reason` for the dead letter */
export const decode = (message: LogMessage): VigilEvent => eventOf(message, parse(message.bytes));

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(decoder.decode(bytes));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new VigilError(
      'EVENT_INVALID',
      `The payload is not valid JSON: ${detail}.`,
      { reason: 'json' },
      { cause: error },
    );
  }
}

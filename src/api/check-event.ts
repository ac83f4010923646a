import { VigilError } from '../core/primitives/errors.ts';
import { toEvent } from '../core/model/event.ts';

/** An event on NATS: three parts or more, none of them empty, a wildcard, or with a space. */
const EVENT_SUBJECT = /^events(\.[^.\s*>]+){2,}$/;

/**
 * Says now what would make a dead letter of an event later on. Its time is held against the clock of this machine.
 * @throws VigilError EVENT_INVALID with fields.reason, as a dead letter would have it
 */
export function checkEvent(subject: string, payload: unknown): void {
  if (!EVENT_SUBJECT.test(subject))
    throw invalid('type', `"${subject}" is no subject of events; publish on events.<clientId>.<type>.`);
  toEvent({ subject, payload, sequence: 0, storedAtMs: Date.now() });
  try {
    JSON.stringify(payload);
  } catch (error) {
    throw invalid('unusable', 'It is nested too deep.', error);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** As checkEvent, of the bytes of an event. */
export function checkEventBytes(subject: string, bytes: Uint8Array): void {
  checkEvent(subject, parse(bytes));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw invalid('json', `The payload is no JSON: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}

const invalid = (reason: string, advice: string, cause?: unknown): VigilError =>
  new VigilError('EVENT_INVALID', advice, { reason }, { cause });

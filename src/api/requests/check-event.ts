import { VigilError } from '../../core/primitives/errors.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { writeJson } from '../../core/primitives/text/write-json.ts';
import type { CloudEventHeaders } from '../../core/model/event/cloud-event.ts';
import { toEvent, type VigilEvent } from '../../core/model/event/event.ts';
import { eventOf, type StoredEvent } from '../../core/model/event/stored-event.ts';

/** Subject of an event: three or more tokens, none empty, without wildcards or spaces. */
const EVENT_SUBJECT = /^events(\.[^.\s*>]+){2,}$/;

/**
 * Reads an event, and rejects one that would become a dead letter. Checks its time against the clock of this machine.
 * @throws VigilError EVENT_INVALID; fields.reason is the dead-letter reason
 */
export function checkEvent(subject: string, payload: unknown, cloudEvent?: CloudEventHeaders): VigilEvent {
  if (!EVENT_SUBJECT.test(subject))
    throw invalid('type', `"${subject}" is not an event subject; publish to events.<clientId>.<type>.`);
  const event = toEvent({ subject, payload, cloudEvent, sequence: 0, storedAtMs: Date.now() });
  try {
    writeJson(payload);
  } catch (error) {
    throw invalid('unusable', 'It is nested too deeply.', error);
  }
  return event;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** checkEvent for an encoded event. @throws VigilError EVENT_INVALID */
export function checkEventBytes(subject: string, bytes: Uint8Array, cloudEvent?: CloudEventHeaders): void {
  checkEvent(subject, parsePayload(bytes), cloudEvent);
}

/** The payload of an event. @throws VigilError EVENT_INVALID */
export function parsePayload(bytes: Uint8Array): unknown {
  try {
    return parseJson(decoder.decode(bytes));
  } catch (error) {
    throw invalid(
      'json',
      `The payload is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`,
      error,
    );
  }
}

/** A stored event; null if it is one of those that become dead letters. */
export function readEvent(stored: StoredEvent): VigilEvent | null {
  try {
    return eventOf(stored, parsePayload(stored.bytes));
  } catch (error) {
    if (error instanceof VigilError) return null;
    throw error;
  }
}

const invalid = (reason: string, advice: string, cause?: unknown): VigilError =>
  new VigilError('EVENT_INVALID', advice, { reason }, { cause });

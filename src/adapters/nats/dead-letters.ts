import { headers, type JetStreamClient } from 'nats';
import type { DeadLetterPort } from '../../subscriber/ports.ts';
import { deadLetterSubject, EVENTS_STREAM } from './topology.ts';

export const DEAD_LETTER_HEADERS = {
  reason: 'Vigil-Reason',
  detail: 'Vigil-Detail',
  subject: 'Vigil-Subject',
  sequence: 'Vigil-Sequence',
  time: 'Vigil-Time',
} as const;

/** Buries messages in the dead-letter stream: their original bytes, and in headers why they could not be used. */
export function createDeadLetters(js: JetStreamClient): DeadLetterPort {
  return {
    async bury(message, clientId, reason, detail) {
      const head = headers();
      head.set(DEAD_LETTER_HEADERS.reason, reason);
      head.set(DEAD_LETTER_HEADERS.detail, oneLine(detail));
      head.set(DEAD_LETTER_HEADERS.subject, message.subject);
      head.set(DEAD_LETTER_HEADERS.sequence, String(message.sequence));
      head.set(DEAD_LETTER_HEADERS.time, new Date(message.storedAtMs).toISOString());
      // The same message buried again after a crash is taken once.
      await js.publish(deadLetterSubject(clientId), message.bytes, { headers: head, msgID: `${EVENTS_STREAM}:${message.sequence}` });
    },
  };
}

/** A header is one line of printable text. */
const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 500);

import { headers, type JetStreamClient } from 'nats';
import type { DeadLetterPort } from '../../ingest/ports.ts';
import { deadLetterSubject, EVENTS_STREAM } from '../connection/topology.ts';

export const DEAD_LETTER_HEADERS = {
  reason: 'Vigil-Reason',
  detail: 'Vigil-Detail',
  subject: 'Vigil-Subject',
  sequence: 'Vigil-Sequence',
  time: 'Vigil-Time',
  /** Only where the bytes did not fit beside these headers: how many there were. The event stream has them under the sequence. */
  cutFrom: 'Vigil-Cut-From',
} as const;

/** More than the headers can take: the longest of them is the subject, which NATS keeps under 4 KB. */
const HEADERS_BYTES = 8 * 1024;

/**
 * Buries messages in the dead-letter stream: their original bytes, and in headers why they could not be used.
 * @param maxPayload what NATS takes as one message, bytes
 */
export function createDeadLetters(js: JetStreamClient, maxPayload: number): DeadLetterPort {
  const room = maxPayload - HEADERS_BYTES;
  return {
    async publish(message, clientId, reason, detail) {
      const head = headers();
      head.set(DEAD_LETTER_HEADERS.reason, reason);
      head.set(DEAD_LETTER_HEADERS.detail, oneLine(detail));
      head.set(DEAD_LETTER_HEADERS.subject, message.subject);
      head.set(DEAD_LETTER_HEADERS.sequence, String(message.sequence));
      head.set(DEAD_LETTER_HEADERS.time, new Date(message.storedAtMs).toISOString());
      const { bytes } = message;
      if (bytes.length > room) head.set(DEAD_LETTER_HEADERS.cutFrom, String(bytes.length));
      // The same message buried again after a crash is taken once.
      await js.publish(deadLetterSubject(clientId), bytes.subarray(0, room), {
        headers: head,
        msgID: `${EVENTS_STREAM}:${message.sequence}`,
      });
    },
  };
}

/** A header is one line of printable text. */
const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 500);

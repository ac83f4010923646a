import { headers, type JetStreamClient, type MsgHdrs } from 'nats';
import { DEAD_LETTER_HEADERS } from '../../core/model/event/dead-letter-headers.ts';
import type { DeadLetterPort, LogMessage } from '../../ingest/ports.ts';
import { deadLetterSubject, EVENTS_STREAM } from '../connection/topology.ts';
import { writeEventHeaders } from '../events/event-headers.ts';

/** Upper bound of the headers: the longest is the subject, which NATS limits to 4 KB. */
const HEADERS_BYTES = 8 * 1024;

/** CloudEvents headers beyond it are not kept; the event stream has them. */
const CLOUD_EVENT_BYTES = 16 * 1024;

/**
 * Publishes events to the dead letters: the original bytes with their CloudEvents headers, and the reason in headers.
 * @param maxPayload maximum bytes of a NATS message
 */
export function createDeadLetters(js: JetStreamClient, maxPayload: number): DeadLetterPort {
  return {
    async publish(message, clientId, reason, detail) {
      const [head, headBytes] = ofCloudEvent(message);
      const room = maxPayload - HEADERS_BYTES - headBytes;
      head.set(DEAD_LETTER_HEADERS.reason, reason);
      head.set(DEAD_LETTER_HEADERS.detail, oneLine(detail));
      head.set(DEAD_LETTER_HEADERS.subject, message.subject);
      head.set(DEAD_LETTER_HEADERS.sequence, String(message.sequence));
      head.set(DEAD_LETTER_HEADERS.time, new Date(message.storedAtMs).toISOString());
      const { bytes } = message;
      if (bytes.length > room) head.set(DEAD_LETTER_HEADERS.cutFrom, String(bytes.length));
      // The stream drops a duplicate after a crash.
      await js.publish(deadLetterSubject(clientId), bytes.subarray(0, room), {
        headers: head,
        msgID: `${EVENTS_STREAM}:${message.sequence}`,
      });
    },
  };
}

function ofCloudEvent({ cloudEvent = {} }: LogMessage): [head: MsgHdrs, bytes: number] {
  const head = writeEventHeaders(cloudEvent);
  const bytes = [...head].reduce((sum, [name, values]) => sum + name.length + values.join('').length + 4, 0);
  return bytes > CLOUD_EVENT_BYTES ? [headers(), 0] : [head, bytes];
}

/** Header values are one line of printable text. */
const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 500);

import { createHash } from 'node:crypto';
import type { JetStreamClient, JetStreamManager, StoredMsg } from 'nats';
import type { DeadLetter, DeadLetterStorePort, DeadLetterSummary } from '../../api/ports/dead-letters.ts';
import { DEAD_LETTER_HEADERS } from '../../core/model/event/dead-letter-headers.ts';
import { readEventHeaders, REPLAY_HEADER, writeEventHeaders } from '../events/event-headers.ts';
import { storedMessage } from '../connection/stored-message.ts';
import { DEADLETTERS_STREAM, deadLetterSubject, EVENTS_STREAM } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';
import { newestFirst } from '../reading/newest-first.ts';

/** The reason of events that are valid, but have not counted. */
const OVER_QUOTA = 'quota';
const PREVIEW_BYTES = 80;
/** Upper bound of the header with the id of a replay. */
const ID_BYTES = 256;

/**
 * Lists, reads, replays and drops dead letters.
 * @param maxPayload maximum bytes of a NATS message
 */
export function createDeadLetterStore(
  js: JetStreamClient,
  jsm: JetStreamManager,
  maxPayload: number,
): DeadLetterStorePort {
  const find = (sequence: number): Promise<StoredMsg | null> => storedMessage(jsm, DEADLETTERS_STREAM, sequence);

  async function drop(sequence: number): Promise<boolean> {
    try {
      return await jsm.streams.deleteMessage(DEADLETTERS_STREAM, sequence);
    } catch (error) {
      // Another caller dropped it first.
      if ((await find(sequence)) === null) return false;
      throw error;
    }
  }

  /** The original event. Reads a truncated one from the event stream; null if that no longer has it. */
  async function original(deadLetter: StoredMsg): Promise<Uint8Array | null> {
    const { cutFrom, subject, eventSequence } = headOf(deadLetter);
    if (cutFrom === null) return deadLetter.data;
    const event = eventSequence === null ? null : await storedMessage(jsm, EVENTS_STREAM, eventSequence);
    const isIt =
      event !== null &&
      event.subject === subject &&
      event.data.length === cutFrom &&
      Buffer.compare(event.data.subarray(0, deadLetter.data.length), deadLetter.data) === 0;
    return isIt ? event.data : null;
  }

  return {
    list: ({ limit, before, clientId, reason }) =>
      orUnreachable(async () => {
        const found = await newestFirst(js, jsm, {
          ...{ stream: DEADLETTERS_STREAM, subject: deadLetterSubject(clientId ?? '>'), headersOnly: true },
          pick: ({ headers }) =>
            reason === undefined || headers?.get(DEAD_LETTER_HEADERS.reason) === reason || undefined,
          limit: limit + 1,
          before,
        });
        const sequences = found.map(({ sequence }) => sequence);
        const page = sequences.slice(0, limit);
        const deadLetters: DeadLetterSummary[] = [];
        // One at a time, to not hold a hundred dead letters of a megabyte in memory.
        for (const sequence of page) {
          const deadLetter = await find(sequence);
          if (deadLetter !== null) deadLetters.push(summaryOf(deadLetter));
        }
        return { deadLetters, next: sequences.length > limit ? (page.at(-1) ?? null) : null };
      }),
    get: (sequence) =>
      orUnreachable(async (): Promise<DeadLetter | null> => {
        const deadLetter = await find(sequence);
        if (deadLetter === null) return null;
        const whole = await original(deadLetter);
        const { cloudEvent } = readEventHeaders(deadLetter.header);
        return {
          ...{ ...summaryOf(deadLetter), payload: whole ?? deadLetter.data, isWhole: whole !== null },
          ...(cloudEvent !== undefined && { cloudEvent }),
        };
      }),
    replay: (deadLetter, { subject, payload, cloudEvent = {} }) =>
      orUnreachable(async () => {
        const fits = payload.length + ID_BYTES <= maxPayload;
        const head = writeEventHeaders(cloudEvent);
        if (deadLetter.reason === OVER_QUOTA) head.set(REPLAY_HEADER.name, REPLAY_HEADER.value);
        const { seq } = await js.publish(subject, payload, {
          headers: head,
          ...(fits && { msgID: replayId(deadLetter, subject, payload) }),
        });
        await drop(deadLetter.sequence);
        return { sequence: seq };
      }),
    drop: (sequence) => orUnreachable(() => drop(sequence)),
  };
}

/** Same id for the same replay only: a replay with another payload or subject is a new event. */
function replayId({ sequence, buriedAt }: DeadLetterSummary, subject: string, payload: Uint8Array): string {
  const digest = createHash('sha256').update(`${subject}\n`).update(payload).digest('hex');
  return `${DEADLETTERS_STREAM}:${sequence}:${Date.parse(buriedAt)}:${digest}`;
}

function headOf({ header }: StoredMsg) {
  const text = (name: string): string | null => (header.has(name) ? header.get(name) : null);
  const number = (name: string): number | null =>
    /^\d{1,15}$/.test(header.get(name)) ? Number(header.get(name)) : null;
  return {
    reason: text(DEAD_LETTER_HEADERS.reason),
    detail: text(DEAD_LETTER_HEADERS.detail),
    subject: text(DEAD_LETTER_HEADERS.subject),
    eventSequence: number(DEAD_LETTER_HEADERS.sequence),
    eventStoredAt: text(DEAD_LETTER_HEADERS.time),
    cutFrom: number(DEAD_LETTER_HEADERS.cutFrom),
  };
}

function summaryOf(deadLetter: StoredMsg): DeadLetterSummary {
  const { cutFrom, ...head } = headOf(deadLetter);
  return {
    sequence: deadLetter.seq,
    clientId: deadLetter.subject.split('.').slice(1).join('.'),
    ...head,
    buriedAt: deadLetter.time.toISOString(),
    bytes: cutFrom ?? deadLetter.data.length,
    // Invalid UTF-8 becomes U+FFFD; an incomplete character at the end is dropped.
    preview: new TextDecoder().decode(deadLetter.data.subarray(0, PREVIEW_BYTES), { stream: true }),
  };
}

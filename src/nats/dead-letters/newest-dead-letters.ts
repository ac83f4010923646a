import {
  AckPolicy,
  DeliverPolicy,
  nanos,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from 'nats';
import { DEAD_LETTER_HEADERS } from './dead-letter-publisher.ts';
import { DEADLETTERS_STREAM, deadLetterSubject } from '../connection/topology.ts';

/** Sequences in the first span; each further span is four times as long, to find rare dead letters. */
const FIRST_SPAN = 500;
const SPAN_GROWTH = 4;
const MESSAGES_PER_FETCH = 500;
const FETCH_EXPIRES_MS = 1_000;
const FORGET_AFTER_MS = 30_000;

export interface LetterFilter {
  clientId?: string | undefined;
  reason?: string | undefined;
}

/**
 * Sequences of up to `limit` matching dead letters below `before`, newest first. A stream can only be read forwards, so
 * this reads it in spans, newest span first, headers only.
 */
export async function newestDeadLetters(
  js: JetStreamClient,
  jsm: JetStreamManager,
  filter: LetterFilter,
  limit: number,
  before = Infinity,
): Promise<number[]> {
  const { state } = await jsm.streams.info(DEADLETTERS_STREAM);
  // A stream that never had a message reports 0, which is not a valid sequence.
  const first = Math.max(state.first_seq, 1);
  let found: number[] = [];
  let end = Math.min(before, state.last_seq + 1);
  for (let span = FIRST_SPAN; found.length < limit && end > first; span *= SPAN_GROWTH) {
    const start = Math.max(first, end - span);
    found = found.concat((await deadLettersWithin(js, jsm, filter, start, end)).reverse());
    end = start;
  }
  return found.slice(0, limit);
}

/** Matching sequences in [start, end), oldest first. */
async function deadLettersWithin(
  js: JetStreamClient,
  jsm: JetStreamManager,
  { clientId, reason }: LetterFilter,
  start: number,
  end: number,
): Promise<number[]> {
  const { name, num_pending: pending } = await jsm.consumers.add(DEADLETTERS_STREAM, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: start,
    filter_subject: deadLetterSubject(clientId ?? '>'),
    headers_only: true,
    mem_storage: true,
    inactive_threshold: nanos(FORGET_AFTER_MS),
  });
  const consumer = await js.consumers.get(DEADLETTERS_STREAM, name);
  const found: number[] = [];
  try {
    for await (const message of counted(consumer, pending)) {
      if (message.seq >= end) break;
      if (reason === undefined || message.headers?.get(DEAD_LETTER_HEADERS.reason) === reason) found.push(message.seq);
    }
  } finally {
    await consumer.delete();
  }
  return found;
}

/** Reads `pending` messages; stops early if messages are dropped in the meantime. */
async function* counted(consumer: Consumer, pending: number): AsyncGenerator<JsMsg> {
  for (let left = pending; left > 0;) {
    let got = 0;
    for await (const message of await consumer.fetch({
      max_messages: Math.min(left, MESSAGES_PER_FETCH),
      expires: FETCH_EXPIRES_MS,
    })) {
      got += 1;
      yield message;
    }
    if (got === 0) return;
    left -= got;
  }
}

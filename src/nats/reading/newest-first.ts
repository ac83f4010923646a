import {
  AckPolicy,
  DeliverPolicy,
  millis,
  nanos,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from 'nats';

/** Sequences in the first span; each further span is four times as long, to find rare messages. */
const FIRST_SPAN = 500;
const SPAN_GROWTH = 4;
/** Fewer with bodies, which the client buffers. */
const MESSAGES_PER_FETCH = { headers: 500, bodies: 100 };
const FETCH_EXPIRES_MS = 1_000;
const FORGET_AFTER_MS = 30_000;

export interface NewestFirstOptions<T> {
  stream: string;
  subject: string;
  headersOnly: boolean;
  /** What the caller wants of a message; undefined: nothing. */
  pick: (message: JsMsg) => T | undefined;
  limit: number;
  /** Only messages below this sequence. */
  before?: number | undefined;
  /** Only messages stored from this time on, epoch ms. */
  sinceMs?: number | undefined;
}

/**
 * What `pick` takes of up to `limit` messages, newest first. A stream can only be read forwards, so this reads it in
 * spans, newest span first.
 */
export async function newestFirst<T>(
  js: JetStreamClient,
  jsm: JetStreamManager,
  options: NewestFirstOptions<T>,
): Promise<{ sequence: number; item: T }[]> {
  const { stream, limit, before = Infinity, sinceMs = -Infinity } = options;
  const { state } = await jsm.streams.info(stream);
  // A stream that never had a message reports 0, which is not a valid sequence.
  const first = Math.max(state.first_seq, 1);
  const found: { sequence: number; item: T }[] = [];
  let end = Math.min(before, state.last_seq + 1);
  for (let span = FIRST_SPAN; found.length < limit && end > first; span *= SPAN_GROWTH) {
    const start = Math.max(first, end - span);
    const { items, oldestMs } = await newestWithin(js, jsm, options, start, end);
    found.push(...items.reverse());
    if (oldestMs < sinceMs) break;
    end = start;
  }
  return found.slice(0, limit);
}

/** The newest `limit` of the sequences in [start, end), oldest first; `oldestMs`: time of the first message there. */
async function newestWithin<T>(
  js: JetStreamClient,
  jsm: JetStreamManager,
  { stream, subject, headersOnly, pick, limit, sinceMs = -Infinity }: NewestFirstOptions<T>,
  start: number,
  end: number,
): Promise<{ items: { sequence: number; item: T }[]; oldestMs: number }> {
  const { name, num_pending: pending } = await jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: start,
    filter_subject: subject,
    headers_only: headersOnly,
    mem_storage: true,
    inactive_threshold: nanos(FORGET_AFTER_MS),
  });
  const consumer = await js.consumers.get(stream, name);
  const items: { sequence: number; item: T }[] = [];
  let oldestMs = Infinity;
  try {
    const atOnce = MESSAGES_PER_FETCH[headersOnly ? 'headers' : 'bodies'];
    for await (const message of counted(consumer, pending, atOnce)) {
      if (message.seq >= end) break;
      const storedAtMs = millis(message.info.timestampNanos);
      oldestMs = Math.min(oldestMs, storedAtMs);
      const item = storedAtMs < sinceMs ? undefined : pick(message);
      if (item === undefined) continue;
      items.push({ sequence: message.seq, item });
      if (items.length > limit) items.shift();
    }
  } finally {
    await consumer.delete();
  }
  return { items, oldestMs };
}

/** Reads `pending` messages; stops early if messages are dropped in the meantime. */
async function* counted(consumer: Consumer, pending: number, atOnce: number): AsyncGenerator<JsMsg> {
  for (let left = pending; left > 0;) {
    let got = 0;
    for await (const message of await consumer.fetch({
      max_messages: Math.min(left, atOnce),
      expires: FETCH_EXPIRES_MS,
    })) {
      got += 1;
      yield message;
    }
    if (got === 0) return;
    left -= got;
  }
}

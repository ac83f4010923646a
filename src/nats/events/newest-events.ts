import { AckPolicy, DeliverPolicy, nanos, type JetStreamManager } from 'nats';
import type { StoredEvent } from '../../core/model/event/stored-event.ts';
import { EVENTS_STREAM } from '../connection/topology.ts';
import { untilEnd } from '../reading/until-end.ts';
import { openEventConsumer, type EventSource } from './event-consumer.ts';

/** What one reading may take. */
const MOST_EVENTS = 5_000;
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_MS = 2_000;

/** Sequences that are counted first; each further time so many times as many, to find rare events. */
const FIRST_SPAN = MOST_EVENTS;
const SPAN_GROWTH = 4;
const COUNTER_FORGOTTEN_AFTER_MS = 5_000;

/** The newest events of a client, oldest first: as many as the bounds allow. If time runs out, the newest are missing. */
export async function newestEvents(source: EventSource, clientId: string): Promise<StoredEvent[]> {
  const { jsm } = source;
  const endsAtMs = performance.now() + LONGEST_MS;
  const subjects = [`events.${clientId}.>`];
  const sequence = await startOf(jsm, subjects, endsAtMs);
  const consumer = await openEventConsumer(source, { sequence }, subjects);
  const found: StoredEvent[] = [];
  let bytes = 0;
  try {
    for await (const events of untilEnd(consumer)) {
      const firsts = events.filter(({ isRepetition }) => isRepetition !== true);
      for (const event of firsts) bytes += event.bytes.length;
      found.push(...firsts);
      let surplus = 0;
      for (; found.length - surplus > MOST_EVENTS || bytes > MOST_BYTES; surplus += 1)
        bytes -= found[surplus]?.bytes.length ?? 0;
      found.splice(0, surplus);
      if (performance.now() > endsAtMs) break;
    }
  } finally {
    await consumer.stop();
  }
  return found;
}

/** A sequence with MOST_EVENTS to 2 · MOST_EVENTS of the events from there on; the first one if there are fewer. */
async function startOf(jsm: JetStreamManager, subjects: string[], endsAtMs: number): Promise<number> {
  const { state } = await jsm.streams.info(EVENTS_STREAM);
  // A stream that never had a message reports 0, which is not a valid sequence.
  const first = Math.max(state.first_seq, 1);
  const end = state.last_seq + 1;
  // From `few` on there are too few, from `many` on too many.
  let [many, few] = [-Infinity, end];
  for (let span = FIRST_SPAN; few > first && few - many > 1 && performance.now() < endsAtMs; span *= SPAN_GROWTH) {
    const start = many < first ? Math.max(first, end - span) : Math.floor((many + few) / 2);
    const count = await countFrom(jsm, subjects, start);
    if (count > 2 * MOST_EVENTS) many = start;
    else if (count >= MOST_EVENTS) return start;
    else few = start;
  }
  return few;
}

async function countFrom(jsm: JetStreamManager, subjects: string[], sequence: number): Promise<number> {
  const { name, num_pending: count } = await jsm.consumers.add(EVENTS_STREAM, {
    ...{ ack_policy: AckPolicy.None, mem_storage: true, num_replicas: 1, filter_subjects: subjects },
    ...{ deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence },
    inactive_threshold: nanos(COUNTER_FORGOTTEN_AFTER_MS),
  });
  await jsm.consumers.delete(EVENTS_STREAM, name);
  return count;
}

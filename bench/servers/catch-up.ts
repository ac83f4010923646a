import { partitionSetIds } from '../../src/core/model/partition-set/partition-set-ids.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { alternate, perSecond } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { anyStopped, machineEvent } from './system/machines.ts';
import { withStack, type Stack } from './system/stack.ts';
import { store, untilEach, type Payload } from './system/stream.ts';

const SETS = 20;
const EVENTS = 200_000;
/** Fewer, because one signal per event is slow. */
const SINGLE_EVENTS = 2_000;
const SIGNALS_AT_ONCE = 128;
const MESSAGES_AHEAD = 2_000;
const [ROUNDS, WARM_UP_ROUNDS] = [5, 1];

const clientsOf = (name: string): string[] => Array.from({ length: SETS }, (_, n) => `${name}-${n}`);
const [READ, SINGLE] = [clientsOf('read'), clientsOf('single')];

export const catchUp: Bench = {
  name: 'servers/catch-up',
  about:
    `From stored to applied: ${EVENTS.toLocaleString('en-US')} events of ${SETS} busy partition sets wait in the stream; measured from the start of the reader until ` +
    'each set has published the alert of its last event. Against the same workflows with one signal per event (128 concurrent), and against a bare ' +
    'JetStream consumer that parses and acknowledges the same messages.',
  run: () => withStack(measure),
};

async function measure(stack: Stack): Promise<Row[]> {
  for (const clientId of READ) await stack.rules.put(anyStopped(clientId));
  const singles: StoredRule[] = [];
  for (const clientId of SINGLE) singles.push(await stack.rules.put(anyStopped(clientId)));
  await (
    await stack.read()
  )();
  let [round, singleRound, sequence] = [0, 0, 0];

  const figures = await alternate(
    {
      async vigil() {
        round += 1;
        await store(stack.nats, load(READ, EVENTS, round));
        let stop: (() => Promise<void>) | undefined;
        const figure = await perSecond(EVENTS, async () => {
          const applied = untilEach(stack.nats, READ, ({ status }) => status === statusAfter(round));
          stop = await stack.read();
          await applied;
        });
        await stop?.();
        return figure;
      },
      bare: () => perSecond(EVENTS, () => consumeLast(stack, EVENTS)),
      async single() {
        singleRound += 1;
        const applied = untilEach(stack.nats, SINGLE, ({ status }) => status === statusAfter(singleRound));
        const events = [...load(SINGLE, SINGLE_EVENTS, singleRound)].map((event) => ({
          event,
          sequence: (sequence += 1),
        }));
        return perSecond(SINGLE_EVENTS, () => Promise.all([signalEach(stack, singles, events), applied]));
      },
    },
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  const vigil = { what: 'vigil', ...figures.vigil };
  return [
    row(
      'events from stored to applied',
      'events/s',
      vigil,
      { what: 'one signal an event', ...figures.single },
      { target: { atLeast: 50 } },
    ),
    row(
      'events from stored to applied',
      'events/s',
      vigil,
      { what: 'bare consumer, parse and ack', ...figures.bare },
      { target: { atLeast: 0.5 }, aim: { atLeast: 0.8 } },
    ),
  ];
}

const isOdd = (round: number): boolean => round % 2 === 1;
const statusAfter = (round: number): string => (isOdd(round) ? 'firing' : 'resolved');

/**
 * Events of running machines, then one per set that stops a machine (in odd rounds) or starts it again (in even
 * rounds).
 */
function* load(clients: readonly string[], count: number, round: number): Generator<Payload> {
  for (let number = 0; number < count - clients.length; number++)
    yield machineEvent(clients[number % clients.length] as string, number, 'running');
  for (const clientId of clients) yield machineEvent(clientId, 'last', isOdd(round) ? 'stopped' : 'running');
}

async function consumeLast({ nats }: Stack, count: number): Promise<void> {
  const [js, jsm] = [nats.jetstream(), await nats.jetstreamManager()];
  const { state } = await jsm.streams.info('EVENTS');
  const name = 'bare';
  // After these messages is the one that store() adds at the end.
  await jsm.consumers.add('EVENTS', {
    durable_name: name,
    ...({ ack_policy: 'explicit', deliver_policy: 'by_start_sequence' } as object),
    opt_start_seq: state.last_seq - count,
    max_ack_pending: -1,
  });
  const consumer = await js.consumers.get('EVENTS', name);
  const decoder = new TextDecoder();
  let parsed = 0;
  for await (const message of await consumer.consume({ max_messages: MESSAGES_AHEAD })) {
    if (typeof JSON.parse(decoder.decode(message.data)) === 'object') parsed += 1;
    message.ack();
    if (parsed === count) break;
  }
  await nats.flush();
  await jsm.consumers.delete('EVENTS', name);
}

async function signalEach(
  { sets }: Stack,
  rules: readonly StoredRule[],
  events: { event: Payload; sequence: number }[],
): Promise<void> {
  const queues = new Map(rules.map((stored) => [stored.rule.clientId, stored]));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let own = events[next++]; own !== undefined; own = events[next++]) {
      const { event, sequence } = own;
      const stored = queues.get(event.subject.split('.')[1] ?? '');
      if (stored === undefined) continue;
      const { rule, version, storedAtMs } = stored;
      const now = Date.now();
      const place = { setId: partitionSetIds(rule).of([]), group: [], startedAtMs: storedAtMs };
      await retrying(() =>
        sets.sendEvents(place, stored, {
          version,
          events: [{ seq: sequence, time: now, at: now, data: event.data as Record<string, string> }],
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: SIGNALS_AT_ONCE }, work));
}

/** Retries, because a workflow that is continuing as new rejects signals for a moment. */
async function retrying(send: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await send();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

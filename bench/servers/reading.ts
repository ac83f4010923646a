import { setTimeout as delay } from 'node:timers/promises';
import { createEventLog } from '../../src/nats/events/event-log.ts';
import { alternate, perSecond } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { machineEvent } from './system/machines.ts';
import { withStack, type Nats, type Stack } from './system/stack.ts';
import { store, type Payload } from './system/stream.ts';

const EVENTS = 200_000;
const [ROUNDS, WARM_UP_ROUNDS] = [5, 1];
/** A reader that waits for Temporal processes nothing for this long. */
const BLOCKED_MS = 2_000;

export const reading: Bench = {
  name: 'servers/reading',
  about:
    `Reads ${EVENTS.toLocaleString('en-US')} events in order, without acknowledgements: vigil's pull requests against the client library's ordered consumer. ` +
    `Then a reader that blocks after its first message: how many messages it holds in memory after ${BLOCKED_MS / 1_000} s.`,
  run: () => withStack(measure),
};

async function measure({ nats }: Stack): Promise<Row[]> {
  await store(nats, events());
  const [pull, ordered] = ["vigil's pull requests", "the client's ordered consumer"];
  const read = await alternate(
    {
      pull: () => perSecond(EVENTS, () => readByPull(nats)),
      ordered: () => perSecond(EVENTS, () => readOrdered(nats)),
    },
    ROUNDS,
    WARM_UP_ROUNDS,
  );
  const held = await alternate({ pull: () => heldByPull(nats), ordered: () => heldOrdered(nats) }, 1, 0);
  return [
    row(
      'events read',
      'events/s',
      { what: pull, ...read.pull },
      { what: ordered, ...read.ordered },
      { target: { atLeast: 1 } },
    ),
    row(
      'held while blocked',
      'messages',
      { what: pull, ...held.pull },
      { what: ordered, ...held.ordered },
      { target: { atMost: 0.1 } },
    ),
  ];
}

function* events(): Generator<Payload> {
  for (let number = 0; number < EVENTS; number++) yield machineEvent('reading', number, 'running');
}

async function readByPull(nats: Nats): Promise<void> {
  const reading = await createEventLog({ nats, jsm: await nats.jetstreamManager() }).read({ sequence: 1 });
  let count = 0;
  for await (const messages of reading) if ((count += messages.length) >= EVENTS) break;
  await reading.stop();
}

async function readOrdered(nats: Nats): Promise<void> {
  const consumer = await nats.jetstream().consumers.get('EVENTS');
  let count = 0;
  for await (const message of await consumer.consume({ max_messages: 500 }))
    if ((count += message.seq > 0 ? 1 : 0) === EVENTS) break;
}

/** What the reader has received beyond the batch that it is at. */
async function heldByPull(nats: Nats): Promise<number> {
  const { received } = countIn(nats);
  const reading = await createEventLog({ nats, jsm: await nats.jetstreamManager() }).read({ sequence: 1 });
  for await (const messages of reading) {
    if (messages.length > 0) await delay(BLOCKED_MS);
    break;
  }
  await reading.stop();
  return received();
}

async function heldOrdered(nats: Nats): Promise<number> {
  const { received } = countIn(nats);
  const consumer = await nats.jetstream().consumers.get('EVENTS');
  for await (const message of await consumer.consume({ max_messages: 500 })) {
    if (message.seq > 0) await delay(BLOCKED_MS);
    break;
  }
  return received();
}

function countIn(nats: Nats): { received: () => number } {
  const before = nats.stats().inMsgs;
  return { received: () => nats.stats().inMsgs - before };
}

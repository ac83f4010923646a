import { millis, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { createEventArchive } from '../../../src/nats/events/event-archive.ts';
import { createEventLog } from '../../../src/nats/events/event-log.ts';
import { ensureStreams } from '../../../src/nats/connection/topology.ts';
import type { LogMessage, LogReading } from '../../../src/ingest/ports.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';

const PATIENT = { timeout: 20_000 };

const { natsUrl } = await fileServers();

let nats: NatsConnection;
let user: NatsUser;
beforeAll(async () => {
  [nats, user] = await Promise.all([connectNats(natsUrl, 'event-log-test'), connectUser(natsUrl)]);
  await ensureStreams(await nats.jetstreamManager());
});
afterAll(async () => {
  await nats.close();
  await user.close();
});

describe('a reading of the event stream', () => {
  it('never reports to have delivered everything up to a time before it has', async () => {
    const [SENDERS, EVENTS_EACH, ASKERS] = [4, 1_000, 8];
    const last = (await createEventLog({ nats, jsm: await nats.jetstreamManager() }).extent()).last;
    const reading = await createEventLog({ nats, jsm: await nats.jetstreamManager() }).read({ sequence: last + 1 });
    const reader = drain(reading);
    const idle: { handedOut: number; atMs: number }[] = [];
    let sent = 0;
    const asking = Array.from({ length: ASKERS }, async () => {
      while (sent < SENDERS * EVENTS_EACH) {
        const { pending, ...position } = await reading.position();
        if (pending === 0) idle.push(position);
      }
    });
    const sending = Array.from({ length: SENDERS }, async () => {
      for (let index = 0; index < EVENTS_EACH; index++) {
        await user.send('event-log', { index });
        sent += 1;
      }
    });
    await Promise.all([...sending, ...asking]);
    await reading.stop();
    expect(await reader).toBeGreaterThan(0);

    const stored = (await user.read('EVENTS', 'events.event-log.>')).map(({ seq, info }) => ({
      seq,
      atMs: millis(info.timestampNanos),
    }));
    const broken = idle.filter(({ handedOut, atMs }) =>
      stored.some((event) => event.seq > handedOut && event.atMs < atMs),
    );
    expect(idle.length).toBeGreaterThan(0);
    expect(broken).toEqual([]);
  });
});

describe('a reading whose reader is slow', () => {
  const [EVENTS, AHEAD] = [5_000, 1_000];
  const LARGE_BYTES = 900_000;

  /** A reading of the events of `send`. */
  async function readingOf(send: () => Promise<unknown>): Promise<LogReading> {
    const log = createEventLog({ nats, jsm: await nats.jetstreamManager() });
    const { last } = await log.extent();
    await send();
    return log.read({ sequence: last + 1 });
  }
  const sendMany = (data: object, count: number) =>
    Promise.all(Array.from({ length: count }, () => user.send('event-log', data)));

  it('leaves unread messages in the stream and returns all of them in order later', async () => {
    const reading = await readingOf(() => sendMany({}, EVENTS));
    const batches = reading[Symbol.asyncIterator]();
    const sequences = ((await batches.next()).value as LogMessage[]).map(({ sequence }) => sequence);
    const first = sequences[0] ?? 0;
    // The pull request is complete; a reader that pulls ahead would have more by now.
    await vi.waitFor(
      async () => expect((await reading.position()).handedOut - first + 1).toBeGreaterThanOrEqual(AHEAD / 2),
      PATIENT,
    );
    for (let turn = 0; turn < 20; turn++) await nats.flush();
    const { handedOut, pending } = await reading.position();
    expect(handedOut - first + 1).toBeLessThanOrEqual(AHEAD + AHEAD / 2);
    expect(pending).toBeGreaterThan(0);
    while (sequences.length < EVENTS)
      for (const { sequence } of (await batches.next()).value as LogMessage[]) sequences.push(sequence);
    expect(sequences).toEqual(Array.from({ length: EVENTS }, (_, n) => first + n));
    await reading.stop();
  });

  it('gets large messages in small batches', async () => {
    const text = 'x'.repeat(LARGE_BYTES);
    const reading = await readingOf(() => sendMany({ text }, 20));
    const batches = reading[Symbol.asyncIterator]();
    let count = ((await batches.next()).value as LogMessage[]).length;
    for (let turn = 0; turn < 20; turn++) await nats.flush();
    expect((await reading.position()).pending).toBeGreaterThan(0);
    while (count < 20) count += ((await batches.next()).value as LogMessage[]).length;
    expect(count).toBe(20);
    await reading.stop();
  });

  it('throws if its consumer is deleted, so that the caller restarts it', async () => {
    const manager = await user.connection.jetstreamManager();
    const names = async (): Promise<string[]> =>
      (await manager.consumers.list('EVENTS').next()).map(({ name }) => name);
    const before = await names();
    const reading = await readingOf(() => Promise.resolve());
    const next = reading[Symbol.asyncIterator]().next();
    const broken = expect(next).rejects.toThrow(/failed: 409 .*deleted/i);
    for (const name of (await names()).filter((each) => !before.includes(each)))
      await manager.consumers.delete('EVENTS', name);
    await broken;
  });
});

describe('the archive of events', () => {
  it.each([
    ['all events', undefined, 3],
    ['events since a time', 'second', 2],
  ] as const)('returns %s of the clients', async (_name, since, expected) => {
    const clientId = `archive-${since ?? 'all'}`;
    const sequences = [await user.send(clientId, { n: 1 })];
    await user.send('archive-other', { n: 0 });
    const afterFirst = await storedAfter(sequences[0] ?? 0);
    for (const n of [2, 3]) sequences.push(await user.send(clientId, { n }));
    const found: number[] = [];
    const archived = await createEventArchive({ nats, jsm: await nats.jetstreamManager() }).read({
      sinceMs: since && afterFirst,
      clientIds: [clientId],
    });
    for await (const { sequence } of archived) found.push(sequence);
    expect(found).toEqual(sequences.slice(-expected));
  });
});

async function drain(reading: LogReading): Promise<number> {
  let count = 0;
  for await (const messages of reading) count += messages.length;
  return count;
}

/** A time (epoch ms) after this message and before any later one. */
async function storedAfter(sequence: number): Promise<number> {
  const manager = await user.connection.jetstreamManager();
  const { time } = await manager.streams.getMessage('EVENTS', { seq: sequence });
  const moment = time.getTime() + 1;
  while (Date.now() <= moment) await user.connection.flush();
  return moment;
}

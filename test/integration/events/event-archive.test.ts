import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureStreams } from '../../../src/nats/connection/topology.ts';
import { newestEvents } from '../../../src/nats/events/newest-events.ts';
import { openEventArchive } from '../../../src/app/open-event-archive.ts';
import type { EventArchive } from '../../../src/cli/ports.ts';
import type { StoredEvent } from '../../../src/core/model/event/stored-event.ts';
import { vigil } from '../../cli/run-vigil.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { tempFiles } from '../../support/temp-files.ts';

const { natsUrl } = await fileServers();
const { write } = tempFiles();
let user: NatsUser;
let archive: EventArchive;

beforeAll(async () => {
  user = await connectUser(natsUrl);
  await ensureStreams(await user.connection.jetstreamManager());
  archive = await openEventArchive(natsUrl);
});
afterAll(async () => {
  await archive.close();
  await user.close();
});

const newClient = (): string => `archive-${randomUUID()}`;
const textOf = ({ bytes }: StoredEvent): unknown => JSON.parse(new TextDecoder().decode(bytes));

async function read(
  clientIds: string[],
  sinceMs?: number,
): Promise<{ total: number; atMs: number; events: StoredEvent[] }> {
  const reading = await archive.read({ sinceMs, clientIds });
  const events: StoredEvent[] = [];
  for await (const event of reading) events.push(event);
  return { total: reading.total, atMs: reading.atMs, events };
}

describe('the archive of events', () => {
  it('returns the events of the clients, oldest first, up to now', async () => {
    const [mine, other, foreign] = [newClient(), newClient(), newClient()];
    const sequences = [await user.send(mine, { n: 1 }), await user.send(other, { n: 2 })];
    await user.send(foreign, { n: 3 });
    sequences.push(await user.send(mine, { n: 4 }, 'some.type'));
    const { total, atMs, events } = await read([mine, other]);
    expect(total).toBe(3);
    expect(events.map(({ sequence }) => sequence)).toEqual(sequences);
    expect(events.map(textOf)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
    expect(events.at(-1)?.subject).toBe(`events.${mine}.some.type`);
    expect(atMs).toBeGreaterThanOrEqual(events.at(-1)?.storedAtMs ?? Infinity);
  });

  it('starts at the given time', async () => {
    const client = newClient();
    await user.send(client, { n: 1 });
    const { events } = await read([client]);
    const [first] = events;
    await expect.poll(() => Date.now()).toBeGreaterThan((first?.storedAtMs ?? 0) + 1);
    await user.send(client, { n: 2 });
    expect((await read([client], (first?.storedAtMs ?? 0) + 1)).events.map(textOf)).toEqual([{ n: 2 }]);
  });

  it('ends with the events that existed at the start', async () => {
    const client = newClient();
    for (let n = 0; n < 3; n += 1) await user.send(client, { n });
    const reading = await archive.read({ sinceMs: undefined, clientIds: [client] });
    const seen: unknown[] = [];
    for await (const event of reading) {
      seen.push(textOf(event));
      await user.send(client, { late: seen.length });
    }
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it('ends if the last events are removed from the stream before it has read them', async () => {
    const client = newClient();
    // More than a reader buffers.
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => user.send(client, { n })));
    const manager = await user.connection.jetstreamManager();
    const reading = await archive.read({ sinceMs: undefined, clientIds: [client] });
    let count = 0;
    for await (const _event of reading) {
      if (count === 0) await manager.streams.purge('EVENTS', { filter: `events.${client}.>` });
      count += 1;
    }
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(reading.total);
  });

  it('is empty for a client without events', async () => {
    expect(await read([newClient()])).toMatchObject({ total: 0, events: [] });
  });

  it('leaves no consumer behind', async () => {
    const client = newClient();
    await user.send(client, {});
    const manager = await user.connection.jetstreamManager();
    const consumers = async (): Promise<number> => (await manager.streams.info('EVENTS')).state.consumer_count;
    const before = await consumers();
    await read([client]);
    await read([newClient()]);
    expect(await consumers()).toBe(before);
  });

  it('gives advice if nothing answers', async () => {
    const [port = 0] = await freePorts(1);
    await expect(openEventArchive(`nats://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'NATS_UNREACHABLE' });
  });
});

describe('the newest events of a client', () => {
  const newest = async (client: string): Promise<StoredEvent[]> =>
    newestEvents({ nats: user.connection, jsm: await user.connection.jetstreamManager() }, client);
  const sendMany = async (client: string, count: number): Promise<number[]> => {
    const sequences: number[] = [];
    for (let left = count; left > 0; left -= 1_000)
      sequences.push(
        ...(await Promise.all(Array.from({ length: Math.min(left, 1_000) }, (_, n) => user.send(client, { n })))),
      );
    return sequences;
  };

  it('are all of them, oldest first, if there are few, even behind many of others', async () => {
    const [client, other] = [newClient(), newClient()];
    const sequences = await sendMany(client, 10);
    await sendMany(other, 6_000);
    expect((await newest(client)).map(({ sequence }) => sequence)).toEqual(sequences);
    expect(await newest(newClient())).toEqual([]);
  });

  it('are the newest 5,000 of many', async () => {
    const [client, other] = [newClient(), newClient()];
    const sequences = await sendMany(client, 14_000);
    await sendMany(other, 6_000);
    expect((await newest(client)).map(({ sequence }) => sequence)).toEqual(sequences.slice(-5_000));
  }, 60_000);

  it('are the newest that fit into 8 MB', async () => {
    const client = newClient();
    const sequences: number[] = [];
    for (let n = 0; n < 20; n += 1) sequences.push(await user.send(client, { text: 'x'.repeat(600_000) }));
    expect((await newest(client)).map(({ sequence }) => sequence)).toEqual(sequences.slice(-13));
  });
});

it('a backtest of the stream prints the alerts up to now', async () => {
  const clientId = newClient();
  const rules = write(
    'rules.yaml',
    `id: stopped\nclientId: ${clientId}\nwhere: [{ property: type, equals: status }]\nevaluate: { type: any, having: { calc: latest, property: state, equals: stopped } }\n`,
  );
  await user.send(clientId, { state: 'stopped' });
  await user.connection.jetstream().publish(`events.${clientId}.status`, 'no JSON');
  await user.send(clientId, { state: 'running' });
  const { code, out, err } = await vigil(
    ['backtest', '--rules', rules, '--stream', '--since', '1h', '--nats', natsUrl, '--json'],
    {},
    { openArchive: openEventArchive },
  );
  expect(code).toBe(0);
  const transitions = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(transitions).toMatchObject([
    { clientId, status: 'firing' },
    { clientId, status: 'resolved', reason: 'cleared' },
  ]);
  expect(err).toContain('1 invalid event skipped');
});

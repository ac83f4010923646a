import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { laneOf } from '../../src/core/lane.ts';
import { compileRule } from '../../src/core/compile.ts';
import { parseRule } from '../../src/core/parse-rule.ts';
import { freePorts } from '../../src/adapters/free-ports.ts';
import { createActivities } from '../../activities/activities.ts';
import { connectTemporal } from '../../src/client/connect.ts';
import { createSetsClient } from '../../src/client/sets-client.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { muteOn } from '../support/mute-proxy.ts';
import { connectUser, summary, type NatsUser } from '../support/nats-user.ts';
import { startVigil } from '../support/vigil.ts';

const servers = inject('servers');
const PATIENT = { timeout: 20_000, interval: 20 };

const rule = parseRule({
  id: 'each-stopped',
  clientId: 'start-stop',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  heartbeat: '1s',
});

let user: NatsUser;
beforeAll(async () => {
  user = await connectUser(servers.natsUrl);
});
afterAll(() => user.close());

/** The status of /healthz; null while nobody listens. */
async function health(url: string): Promise<number | null> {
  try {
    const answer = await fetch(`${url}/healthz`);
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}

describe('vigil', () => {
  it('answers 503 at /healthz until it is ready to take events, and then 200', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const seen: (number | null)[] = [];
    const starting = startVigil({ servers, port });
    await vi.waitUntil(async () => seen.push(await health(url)) && seen.at(-1) === 200, { ...PATIENT, interval: 5 });
    expect([...new Set(seen)].filter((status) => status !== null)).toEqual([503, 200]);

    const vigil = await starting;
    const answer = await fetch(`${url}/healthz`);
    const parts = { temporal: 'up', nats: 'up', worker: 'up', subscriber: 'up', alerts: 'up', simulator: 'off' };
    expect(await answer.json()).toEqual({ status: 'ok', parts: Object.fromEntries(Object.entries(parts).map(([part, state]) => [part, { state }])) });
    await vigil.stop();
    expect(await health(url)).toBeNull();
  });

  it('leaves nothing behind when it stops, and goes on where it was', async () => {
    const alerts = await user.listen('start-stop', rule.id);
    const withoutHeartbeats = (): string[] => summary(alerts).filter((text) => !text.startsWith('heartbeat'));
    const first = await startVigil({ servers });
    await first.put(rule);
    const last = await user.send('start-stop', { machineId: 'm1', state: 'stopped' });
    // A heartbeat says that timers have been asking the reader, too.
    await vi.waitFor(() => expect(summary(alerts)).toContain('heartbeat #1 condition'), PATIENT);
    await first.stop();
    expect([first.complaints, first.failures]).toEqual([[], []]);

    const js = user.connection.jetstream();
    const lanes = await js.views.kv('vigil_lanes');
    const floor = (await lanes.get(`lane.${laneOf('start-stop', 8)}`))?.json<{ owner: string | null; sequence: number }>();
    expect(floor?.owner).toBeNull();
    expect(floor?.sequence).toBeGreaterThanOrEqual(last);
    const manager = await user.connection.jetstreamManager();
    expect(await manager.consumers.list('EVENTS').next()).toEqual([]);
    const durable = (await manager.consumers.list('ALERTS').next()).map(({ config }) => config.durable_name);
    expect(durable).not.toContain(undefined);

    const whileDown = await user.send('start-stop', { machineId: 'm2', state: 'stopped' });
    const second = await startVigil({ servers });
    await vi.waitFor(() => expect(withoutHeartbeats()).toEqual(['firing #1 condition', 'firing #1 condition']), PATIENT);
    expect(alerts.find(({ data }) => data.partition['machineId'] === 'm2')?.data.evidence.items[0]?.sequence).toBe(whileDown);
    await second.remove('start-stop', rule.id);
    await vi.waitFor(() => expect(withoutHeartbeats().slice(2)).toEqual(['resolved #1 ruleDeleted', 'resolved #1 ruleDeleted']), PATIENT);
    await second.stop();
    expect([second.complaints, second.failures]).toEqual([[], []]);
  });

  it('stops in the middle of a load within seconds, and loses nothing of it', async () => {
    const EVENTS = 2_000;
    const WITHIN_MS = 8_000;
    const clientId = 'start-stop-load';
    const count = parseRule({ ...rule, id: 'count', clientId, evaluate: { type: 'count', gte: EVENTS, having: { calc: 'latest', property: 'state', exists: true } } });
    const alerts = await user.listen(clientId, 'count');
    const first = await startVigil({ servers });
    await first.put(count);
    await Promise.all(Array.from({ length: EVENTS }, (_, index) => user.send(clientId, { machineId: `m${index}`, state: 'x' })));
    const stopping = Date.now();
    await first.stop();
    expect(Date.now() - stopping).toBeLessThan(WITHIN_MS);
    const second = await startVigil({ servers });
    await vi.waitFor(() => expect(summary(alerts)).toContain('firing #1 condition'), PATIENT);
    await second.remove(clientId, 'count');
    await second.stop();
    expect([...first.failures, ...second.failures]).toEqual([]);
  });

  it('gives up, and says so, when NATS falls silent while it starts', async () => {
    const proxy = await muteOn('$JS.API.STREAM.', Number(new URL(servers.natsUrl).port));
    await expect(startVigil({ servers: { ...servers, natsUrl: `nats://127.0.0.1:${proxy.port}` } })).rejects.toMatchObject({
      code: 'NATS_UNREACHABLE',
      message: expect.stringContaining('Start vigil again') as string,
    });
    expect(proxy.isMute()).toBe(true);
    await proxy.close();
  });
});

describe('a worker', () => {
  it('stops though what it has asked NATS for is not answered: another does that work', async () => {
    const taskQueue = 'start-stop-worker';
    const temporal = await connectTemporal(servers.temporalAddress, 'default');
    const sets = createSetsClient(temporal, taskQueue);
    const start = (publish: () => Promise<void>) =>
      startWorker({
        address: servers.temporalAddress,
        namespace: 'default',
        taskQueue,
        activities: createActivities({ alerts: { publish }, reader: { seenUntil: (_clientId, deadlineMs) => Promise.resolve(deadlineMs) } }),
      });
    const stored = { rule: parseRule({ ...rule, clientId: 'start-stop-worker' }), version: 1, storedAtMs: Date.now() };
    const setId = compileRule(stored.rule).ids.of([]);
    const stuck = vi.fn(() => new Promise<void>(() => undefined));
    const first = await start(stuck);
    const event = { seq: 1, at: stored.storedAtMs, time: stored.storedAtMs, data: { machineId: 'm1', state: 'stopped' } };
    await sets.sendEvents({ setId, group: [], startedAtMs: stored.storedAtMs }, stored, { version: 1, events: [event] });
    await vi.waitFor(() => expect(stuck).toHaveBeenCalled(), PATIENT);
    await first.stop();

    const published = vi.fn(() => Promise.resolve());
    const second = await start(published);
    await vi.waitFor(() => expect(published).toHaveBeenCalled(), PATIENT);
    await sets.end(setId, { reason: 'ruleDeleted', version: 2, atMs: Date.now() });
    await temporal.workflow.getHandle(setId).result();
    await second.stop();
    await temporal.connection.close();
  });
});

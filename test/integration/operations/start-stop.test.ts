import { afterAll, beforeAll, describe, expect, inject, it, vi, type Mock } from 'vitest';
import { laneOf } from '../../../src/core/matching/lane.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { createActivities } from '../../../activities/activities.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { startWorker } from '../../../src/temporal/worker/worker.ts';
import { fileServers, startTestServers } from '../../support/servers/servers.ts';
import { muteOn } from '../../support/servers/mute-proxy.ts';
import { connectUser, LISTENER, summary, type NatsUser } from '../../support/nats/nats-user.ts';
import { startVigil } from '../../support/vigil/vigil.ts';
import { readerOf } from '../../support/vigil/reader-of.ts';

const servers = await fileServers();
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

/** The status of /healthz; null if nothing listens. */
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
  it('answers 503 at /healthz until it is ready for events, then 200', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const seen: (number | null)[] = [];
    const starting = startVigil({ servers, port });
    await vi.waitUntil(async () => seen.push(await health(url)) && seen.at(-1) === 200, { ...PATIENT, interval: 5 });
    expect([...new Set(seen)].filter((status) => status !== null)).toEqual([503, 200]);

    const vigil = await starting;
    const answer = await fetch(`${url}/healthz`);
    const parts = { temporal: 'up', nats: 'up', worker: 'up', subscriber: 'up', alerts: 'up', simulator: 'off' };
    expect(await answer.json()).toEqual({
      status: 'ok',
      parts: Object.fromEntries(Object.entries(parts).map(([part, state]) => [part, { state }])),
      reasons: [],
      reasonCount: 0,
    });
    await vigil.stop();
    expect(await health(url)).toBeNull();
  });

  it('leaves no consumers when it stops, and continues after a restart', async () => {
    const alerts = await user.listen('start-stop', rule.id);
    const withoutHeartbeats = (): string[] => summary(alerts).filter((text) => !text.startsWith('heartbeat'));
    const manager = await user.connection.jetstreamManager();
    const first = await startVigil({ servers });
    await first.put(rule);
    const last = await user.send('start-stop', { machineId: 'm1', state: 'stopped' });
    // A heartbeat shows that timers have queried the reader, too.
    await vi.waitFor(() => expect(summary(alerts)).toContain('heartbeat #1 condition'), PATIENT);
    await first.stop();
    expect([first.complaintsOf('start-stop'), first.failures]).toEqual([[], []]);

    const js = user.connection.jetstream();
    const lanes = await js.views.kv('vigil_lanes');
    const floor = (await lanes.get(`lane.${laneOf('start-stop', 8)}`))?.json<{
      owner: string | null;
      sequence: number;
    }>();
    expect(floor?.owner).toBeNull();
    expect(floor?.sequence).toBeGreaterThanOrEqual(last);
    expect(await manager.consumers.list('EVENTS').next()).toEqual([]);
    const consumers = (await manager.consumers.list('ALERTS').next()).filter(({ name }) => !name.startsWith(LISTENER));
    expect(consumers.map(({ config }) => config.durable_name).sort()).toEqual(['notify-journal', 'projector']);

    const whileDown = await user.send('start-stop', { machineId: 'm2', state: 'stopped' });
    const second = await startVigil({ servers });
    await vi.waitFor(
      () => expect(withoutHeartbeats()).toEqual(['firing #1 condition', 'firing #1 condition']),
      PATIENT,
    );
    expect(alerts.find(({ data }) => data.partition['machineId'] === 'm2')?.data.evidence.items[0]?.sequence).toBe(
      whileDown,
    );
    await second.remove('start-stop', rule.id);
    await vi.waitFor(
      () => expect(withoutHeartbeats().slice(2)).toEqual(['resolved #1 ruleDeleted', 'resolved #1 ruleDeleted']),
      PATIENT,
    );
    await second.stop();
    expect([second.complaintsOf('start-stop'), second.failures]).toEqual([[], []]);
  });

  it('stops under load within seconds without losing events', async () => {
    const EVENTS = 2_000;
    const WITHIN_MS = 8_000;
    const clientId = 'start-stop-load';
    const count = parseRule({
      ...rule,
      id: 'count',
      clientId,
      evaluate: { type: 'count', gte: EVENTS, having: { calc: 'latest', property: 'state', exists: true } },
    });
    const alerts = await user.listen(clientId, 'count');
    const first = await startVigil({ servers });
    await first.put(count);
    await Promise.all(
      Array.from({ length: EVENTS }, (_, index) => user.send(clientId, { machineId: `m${index}`, state: 'x' })),
    );
    const stopping = Date.now();
    await first.stop();
    expect(Date.now() - stopping).toBeLessThan(WITHIN_MS);
    const second = await startVigil({ servers });
    await vi.waitFor(() => expect(summary(alerts)).toContain('firing #1 condition'), PATIENT);
    await second.remove(clientId, 'count');
    await second.stop();
    expect([...first.failures, ...second.failures]).toEqual([]);
  });

  it('gives up with an error if NATS stops responding during the start', async () => {
    const proxy = await muteOn('$JS.API.STREAM.', Number(new URL(servers.natsUrl).port));
    await expect(
      startVigil({ servers: { ...servers, natsUrl: `nats://127.0.0.1:${proxy.port}` } }),
    ).rejects.toMatchObject({
      code: 'NATS_UNREACHABLE',
      message: expect.stringContaining('Restart vigil') as string,
    });
    expect(proxy.isMute()).toBe(true);
    await proxy.close();
  });
});

describe.concurrent('a worker', () => {
  it('stops although NATS does not answer; another worker repeats the task', async () => {
    const unanswered = vi.fn(() => new Promise<void>(() => undefined));
    const { worker, start, end } = await publishing(servers, 'start-stop-unanswered', unanswered);
    await worker.stop();
    const published = vi.fn(() => Promise.resolve());
    const other = await start(published);
    await vi.waitFor(() => expect(published).toHaveBeenCalled(), PATIENT);
    await other.stop();
    await end();
  });

  it('reports a shutdown timeout, not a failure, if Temporal does not accept its results', async ({
    onTestFinished,
  }) => {
    const own = await startTestServers();
    onTestFinished(async () => {
      own.temporal.resume();
      await own.stop();
    });
    let answer = (): void => undefined;
    const answered = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
    const { worker, end } = await publishing(own, 'start-stop-hanging', answered);
    own.temporal.pause();
    answer();
    await expect(worker.stop()).rejects.toThrow(/shutdown timed out after 6s/);
    await expect(worker.done).resolves.toBeUndefined();
    own.temporal.resume();
    await end();
  });
});

/** A worker that is publishing the alert of a set with `publish`. */
async function publishing(
  { temporalAddress: address }: { temporalAddress: string },
  taskQueue: string,
  publish: Mock<() => Promise<void>>,
) {
  const temporal = await connectTemporal(address, 'default');
  await ensureSearchAttributes(temporal, 'default');
  const seenUntil = (_clientId: string, deadlineMs: number): Promise<number> => Promise.resolve(deadlineMs);
  const start = (publish: () => Promise<void>) =>
    startWorker({
      address,
      namespace: 'default',
      taskQueue,
      activities: createActivities({ alerts: { publish }, reader: readerOf(seenUntil) }),
      limits: { bundlePath: inject('workflowBundles').usual },
    });
  const stored = { rule: parseRule({ ...rule, clientId: taskQueue }), version: 1, storedAtMs: Date.now() };
  const setId = compileRule(stored.rule).ids.of([]);
  const event = { seq: 1, at: stored.storedAtMs, time: stored.storedAtMs, data: { machineId: 'm1', state: 'stopped' } };

  const worker = await start(publish);
  await createPartitionSetsClient(temporal, taskQueue).sendEvents(
    { setId, group: [], startedAtMs: stored.storedAtMs },
    stored,
    { version: 1, events: [event] },
  );
  await vi.waitFor(() => expect(publish).toHaveBeenCalled(), PATIENT);
  const end = async (): Promise<void> => {
    await temporal.workflow.getHandle(setId).terminate();
    await temporal.connection.close();
  };
  return { worker, start, end };
}

import { describe, expect, it, vi } from 'vitest';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import { MAY_WAIT_BYTES, type RecoveryRequest } from '../../../src/core/model/partition-set/partition-set-messages.ts';
import { newAlert } from '../../../src/core/model/partition-set/partition-set-state.ts';
import type { StreamAlerts } from '../../../src/core/model/alert/stream-alerts.ts';
import { skippingEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await skippingEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
/** More than a set keeps that cannot publish. */
const TOGGLES = 600;
const PATIENT = { timeout: 30_000 };
const MINUTE_MS = 60_000;
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };

/** A reader that records its requests. */
function recorder() {
  const asked: RecoveryRequest[] = [];
  const reader = {
    seenUntil: async (_clientId: string, deadlineMs: number) => Math.max(deadlineMs, await environment.currentTimeMs()),
    pause: () => Promise.resolve(),
    recover: (request: RecoveryRequest) => Promise.resolve(void asked.push(request)),
  };
  return { asked, reader };
}

/** Starts the set like a reader that knows that it ran before. */
async function beginAnew({ sets, setId, stored, nowMs }: SetBench): Promise<void> {
  const at = await nowMs();
  await sets.sendEvents({ setId, group: [], startedAtMs: stored.storedAtMs, ranBefore: true }, stored, {
    version: 1,
    events: [{ seq: 100, time: at, at, data: running }],
  });
}

const eventsAt = (startMs: number, ...data: ProjectedEvent['data'][]): ProjectedEvent[] =>
  data.map((each, index) => ({ seq: index + 1, time: startMs + index, at: startMs + index, data: each }));

describe('a partition set that starts again although it ran before', () => {
  it('handles nothing until it has received all its events again, and then continues', () => {
    const { asked, reader } = recorder();
    return withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, stored, alerts } = bench;
        await beginAnew(bench);
        const request = await vi.waitUntil(() => asked[0], PATIENT);
        expect(request).toMatchObject({ clientId: 'client-01', setId, reason: 'begunAnew', afterSequence: null });
        expect(await sets.state(setId)).toMatchObject({ live: 0, recovery: { reason: 'begunAnew' } });
        expect(await sets.waiting(setId)).toBe(0);

        const { requestId } = request;
        const attempt = 'attempt-1';
        const begin = {
          setId,
          requestId,
          phase: 'begin' as const,
          rule: stored,
          startedAtMs: stored.storedAtMs,
          isComplete: true,
          publishedUntilMs: null,
          shardIds: [],
        };
        const events = eventsAt(stored.storedAtMs, stopped, running, stopped);
        await sets.sendRecovery(setId, { ...begin, attempt });
        await sets.signalEvents(setId, {
          version: 1,
          attempt: 'of another attempt',
          events: eventsAt(stored.storedAtMs, running, running),
        });
        await sets.signalEvents(setId, { version: 1, attempt, events });
        await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'end', rule: stored });
        await vi.waitFor(
          () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 cleared', 'firing #2 condition']),
          PATIENT,
        );
        expect(await sets.state(setId)).not.toHaveProperty('recovery');
        expect(alerts[0]?.id).toContain(`#${stored.storedAtMs.toString(36)}.1.1:firing`);

        // The attempt of another reader arrives late: it has ended.
        await sets.sendRecovery(setId, { ...begin, attempt: 'attempt-2' });
        await sets.signalEvents(setId, {
          version: 1,
          events: [{ seq: 4, time: Date.now(), at: await bench.nowMs(), data: running }],
        });
        await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #2 cleared'), PATIENT);
      },
      { reader },
    );
  });

  it('publishes no alert twice, and if the stream does not reach back, only what still fires, with new ids', () => {
    const { asked, reader } = recorder();
    return withSet(
      environment,
      { ...rule, evaluate: { ...rule.evaluate, type: 'each' } },
      async (bench) => {
        const { sets, setId, stored, alerts, nowMs } = bench;
        await beginAnew(bench);
        const { requestId } = await vi.waitUntil(() => asked[0], PATIENT);
        const attempt = 'attempt-1';
        const begin = {
          setId,
          requestId,
          attempt,
          phase: 'begin' as const,
          rule: stored,
          startedAtMs: stored.storedAtMs,
          isComplete: false,
          publishedUntilMs: (await nowMs()) + MINUTE_MS,
          shardIds: [],
        };
        await sets.sendRecovery(setId, begin);
        await sets.signalEvents(setId, {
          version: 1,
          attempt,
          events: eventsAt(stored.storedAtMs, stopped, { ...stopped, machineId: 'm2' }, running),
        });
        await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'end', rule: stored });
        await vi.waitFor(
          () =>
            expect(alerts.map(({ data }) => [data.status, data.partition['machineId']])).toEqual([['firing', 'm2']]),
          PATIENT,
        );
        expect(alerts[0]?.id).toMatch(new RegExp(`#${stored.storedAtMs.toString(36)}\\.1-[0-9a-f]{8}\\.1:firing$`));
      },
      { reader },
    );
  });

  it('compares itself with the alert stream after the events that had to wait, not before', () => {
    const { asked, reader } = recorder();
    let isFull = true;
    return withSet(
      environment,
      { ...rule, evaluate: { ...rule.evaluate, type: 'each' }, labels: { note: 'n'.repeat(200) } },
      async (bench) => {
        const { sets, setId, stored, alerts } = bench;
        await beginAnew(bench);
        const { requestId } = await vi.waitUntil(() => asked[0], PATIENT);
        // More alerts of m2 than a set keeps were lost before they could be published. That of m1 was published.
        const toggles = Array.from({ length: TOGGLES }, (_, at) => ({
          ...(at % 2 ? running : stopped),
          machineId: 'm2',
        }));
        const events = eventsAt(stored.storedAtMs, ...toggles, stopped);
        const firedAtMs = stored.storedAtMs + TOGGLES;
        const generation = `${stored.storedAtMs.toString(36)}.1`;
        const published: StreamAlerts = {
          untilMs: firedAtMs,
          generation,
          ruleVersion: 1,
          alerts: [
            {
              place: 'machineId=m1',
              partition: { machineId: 'm1' },
              id: `${setId}/machineId=m1#${generation}.1:firing`,
              alert: { ...newAlert('warning'), phase: 'firing', episode: 1, since: firedAtMs, changedAt: firedAtMs },
            },
          ],
        };
        const of = { setId, requestId, attempt: 'attempt-1' };
        await sets.sendRecovery(setId, {
          ...{ ...of, phase: 'begin', rule: stored, startedAtMs: stored.storedAtMs, isComplete: true },
          ...{ publishedUntilMs: firedAtMs, shardIds: [], published },
        });
        await sets.signalEvents(setId, { version: 1, attempt: of.attempt, events });
        await sets.sendRecovery(setId, { ...of, phase: 'end', rule: stored });
        await sets.signalEvents(setId, {
          version: 1,
          events: [{ seq: TOGGLES + 2, time: firedAtMs + 1, at: firedAtMs + 1, data: { ...stopped, machineId: 'm3' } }],
        });
        await vi.waitFor(async () => expect(await sets.waiting(setId)).toBeGreaterThan(MAY_WAIT_BYTES), PATIENT);
        expect(await sets.state(setId)).toHaveProperty('recovery');

        isFull = false;
        await vi.waitFor(() => expect(alerts).toHaveLength(TOGGLES + 1), PATIENT);
        expect(alerts.at(-1)?.data.partition).toEqual({ machineId: 'm3' });
        expect(new Set(alerts.map(({ data }) => data.reason))).toEqual(new Set(['condition', 'cleared']));
        expect(alerts.map(({ data }) => data.partition['machineId'])).not.toContain('m1');
        expect(await sets.state(setId)).toMatchObject({ satisfying: 2, faults: [] });
        expect(await sets.state(setId)).not.toHaveProperty('recovery');
      },
      { reader, rejects: () => isFull },
    );
  });

  it('ends when its rule is gone, whatever it lacks', () => {
    const { asked, reader } = recorder();
    return withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, nowMs, alerts } = bench;
        await beginAnew(bench);
        const { requestId } = await vi.waitUntil(() => asked[0], PATIENT);
        await sets.sendRecovery(setId, { setId, requestId, attempt: 'attempt-1', phase: 'refused' });
        await sets.end(setId, { reason: 'ruleDeleted', version: 2, atMs: await nowMs() });
        await environment.client.workflow.getHandle(setId).result();
        expect(alerts).toEqual([]);
      },
      { reader },
    );
  });
});

describe('a partition set', () => {
  it('ignores a cancellation request', () =>
    withSet(environment, rule, async ({ send, alerts, setId }) => {
      await send(running);
      await environment.client.workflow.getHandle(setId).cancel();
      await send(stopped);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
    }));

  it('rejects a message for another one', () =>
    withSet(environment, rule, async ({ send, alerts, setId, stored, nowMs }) => {
      await send(running);
      const at = await nowMs();
      const handle = environment.client.workflow.getHandle(setId);
      const events = [{ seq: 1_000, time: at, at, data: stopped }];
      await handle.signal('events', { setId: 'client-02/rules/other/machineId=*', version: 1, events });
      await handle.signal('rule', { ...stored, version: 2, rule: { ...stored.rule, clientId: 'client-02' } });
      await handle.signal('end', {
        setId: 'client-02/rules/other/machineId=*',
        reason: 'ruleDeleted',
        version: 9,
        atMs: at,
      });
      await handle.signal('notice', {
        epoch: 'abcd',
        kind: 'ask',
        shard: 0,
        asked: { cut: true, dueAt: null },
        status: 'firing',
      });
      await send(stopped, running);
      await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 cleared']), PATIENT);
      expect(alerts.map(({ data }) => data.ruleVersion)).toEqual([1, 1]);
    }));
});

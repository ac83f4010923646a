import { describe, expect, it, vi } from 'vitest';
import type { RecoveryRequest } from '../../../src/core/model/partition-set/partition-set-messages.ts';
import { serverEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const each = { ...rule, evaluate: { ...rule.evaluate, type: 'each' } };
const PATIENT = { timeout: 30_000 };
const SECOND_MS = 1_000;
const ana = { by: 'ana' };
const machine = (machineId: string, state: string) => ({ machineId, state });

const published = ({ alerts }: SetBench, expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
const later = async ({ nowMs }: SetBench, seconds: number): Promise<string> =>
  new Date((await nowMs()) + seconds * SECOND_MS).toISOString();

describe('the alerts of a split set', () => {
  const MACHINES = Array.from({ length: 12 }, (_, index) => `m${index}`);
  const split = { atBytes: 700, shards: 3 };

  it('names the shard that holds the alert of a partition, and the client asks there', () =>
    withSet(
      environment,
      each,
      async (bench) => {
        const { send, sets, setId, alerts } = bench;
        await send(...MACHINES.map((name) => machine(name, 'running')));
        await send(machine('m7', 'stopped'));
        await published(bench, ['firing #1 condition']);
        const partition = { machineId: 'm7' };
        await sets.act(setId, 'acknowledge', { ...ana, partition });
        await sets.act(setId, 'snooze', { ...ana, partition, until: await later(bench, 1) });
        const shown = ['firing #1 condition', 'acknowledged #1 operator', 'snoozed #1 operator'];
        await published(bench, [...shown, 'unsnoozed #1 snoozeEnded']);
        expect(alerts.map(({ data }) => data.partition)).toEqual(Array(4).fill(partition));
        const unknown = sets.act(setId, 'acknowledge', { ...ana, partition: { machineId: 'm99' } });
        await expect(unknown).rejects.toMatchObject({ code: 'PARTITION_NOT_FOUND' });
      },
      { split },
    ));

  it.each([
    { of: 'the set', definition: rule, partition: undefined },
    { of: 'a partition', definition: each, partition: { machineId: 'm7' } },
  ])('latches the alert of $of, and lets it resolve when it is acknowledged', ({ definition, partition }) =>
    withSet(
      environment,
      { ...definition, latch: true },
      async (bench) => {
        const { send, sets, setId } = bench;
        await send(...MACHINES.map((name) => machine(name, 'running')));
        await send(machine('m7', 'stopped'));
        await send(machine('m7', 'running'));
        const latched = ['firing #1 condition', 'latched #1 cleared'];
        await published(bench, latched);
        await sets.act(setId, 'acknowledge', { ...ana, ...(partition !== undefined && { partition }) });
        await published(bench, [...latched, 'acknowledged #1 operator', 'resolved #1 cleared']);
      },
      { split },
    ),
  );

  it('keeps the marks of its alert when it is rebuilt from the stream', () => {
    const asked: RecoveryRequest[] = [];
    const reader = {
      seenUntil: async (_clientId: string, dueMs: number) => Math.max(dueMs, await environment.currentTimeMs()),
      pause: () => Promise.resolve(),
      recover: (request: RecoveryRequest) => Promise.resolve(void asked.push(request)),
    };
    return withSet(
      environment,
      rule,
      async (bench) => {
        const { send, sets, setId, stored, nowMs } = bench;
        const all = [...MACHINES.map((name) => machine(name, 'running')), machine('m7', 'stopped')];
        const at = await send(...all);
        await published(bench, ['firing #1 condition']);
        await sets.act(setId, 'acknowledge', ana);
        await sets.act(setId, 'snooze', { ...ana, until: await later(bench, 600) });
        for (const id of (await sets.state(setId))?.shards?.ids ?? [])
          await environment.client.workflow.getHandle(id).terminate();
        await send(...MACHINES.map((name) => machine(name, 'running')));
        const { requestId } = await vi.waitUntil(() => asked[0], PATIENT);
        const busy = sets.act(setId, 'unsnooze', ana);
        await expect(busy).rejects.toMatchObject({ code: 'PARTITION_SET_BUSY' });

        const attempt = 'attempt-1';
        await sets.sendRecovery(setId, {
          ...{ setId, requestId, attempt, phase: 'begin', rule: stored, startedAtMs: stored.storedAtMs },
          ...{ isComplete: true, publishedUntilMs: await nowMs(), shardIds: [] },
        });
        const events = all.map((data, index) => ({ seq: index + 1, time: at, at, data }));
        await sets.signalEvents(setId, { version: 1, attempt, events });
        await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'end', rule: stored });
        const kept = { phase: 'firing', acknowledged: ana, snoozed: ana };
        await vi.waitFor(async () => expect((await sets.state(setId))?.state.alert).toMatchObject(kept), PATIENT);
      },
      { split, reader },
    );
  });
});

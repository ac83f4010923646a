import { describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';
import { serverEnvironment, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const TEST_WITHIN_MS = 90_000;
const HOUR_MS = 3_600_000;
const SHARDS = 2;
const split = { atBytes: 700, shards: SHARDS };
const RUNS: [what: string, signalsPerRun: number | undefined][] = [
  ['in one run', undefined],
  ['from run to run', 2],
];
const base = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
};
const hot = { calc: 'latest', property: 'state', equals: 'stopped' } as const;
/** It needs values that the version before did not have. */
const busy = { calc: 'count', within: '2h', gt: 1 } as const;

/** As `m1 firing #1 condition`, in any order. */
const linesOf = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts
    .map(({ data }) =>
      [...Object.values(data.partition).map(String), data.status, `#${data.episode}`, data.reason].join(' '),
    )
    .sort();
const machines = (state: string, ...numbers: number[]) =>
  numbers.map((number) => ({ machineId: `m${number}`, line: `l${number % 2}`, state }));
const published = ({ alerts }: SetBench, ...lines: string[]): Promise<void> =>
  vi.waitFor(() => expect(linesOf(alerts)).toEqual([...lines].sort()), PATIENT);

/** Stores another version of the rule now, and tells the set. */
async function change({ sets, setId, stored, nowMs }: SetBench, version: number, changes: object) {
  const next: StoredRule = { rule: { ...stored.rule, backfill: '1h', ...changes }, version, storedAtMs: await nowMs() };
  await sets.changeRule(setId, next);
  await vi.waitFor(
    async () => expect(await sets.state(setId)).toMatchObject({ recovery: { reason: 'ruleChanged' }, muted: {} }),
    PATIENT,
  );
  return { stored: next, startedAtMs: next.storedAtMs - HOUR_MS };
}

const isSplit = ({ sets, setId }: SetBench): Promise<void> =>
  vi.waitFor(async () => expect((await sets.state(setId))?.shards?.ids).toHaveLength(SHARDS), PATIENT);

/** It goes on in all of its pieces, with this version. */
async function isPrimed(bench: SetBench, version: number): Promise<void> {
  const { sets, setId } = bench;
  await isSplit(bench);
  const ids = (await sets.state(setId))?.shards?.ids ?? [];
  const state = { ruleVersion: version };
  for (const id of [setId, ...ids])
    await vi.waitFor(
      async () => expect(await sets.state(id)).toMatchObject({ faults: [], unpublished: 0, state }),
      PATIENT,
    );
  await vi.waitFor(async () => {
    const { recovery, muted } = (await sets.state(setId)) ?? {};
    expect([recovery, muted]).toEqual([undefined, undefined]);
  }, PATIENT);
}

describe('a split set whose rule gets another version with backfill', { timeout: TEST_WITHIN_MS }, () => {
  const each = { ...base, evaluate: { type: 'each', having: hot } };
  const fired = ['m1 firing #1 condition', 'm2 firing #1 condition'];

  it.each(RUNS)('publishes what differs of the alerts of its partitions: %s', async (_what, signalsPerRun) => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      each,
      async (bench) => {
        const { sets, setId, send } = bench;
        await send(...machines('running', 3, 4, 5), ...machines('stopped', 1, 2));
        await isSplit(bench);
        await published(bench, ...fired);
        const next = await change(bench, 2, { evaluate: { type: 'each', having: busy } });
        await send(...machines('stopped', 5));
        await published(bench, ...fired);
        await recover({ ...bench, ...next }, ...machines('running', 1, 2, 3, 4, 1, 3));
        const difference = ['m2 resolved #1 ruleUpdated', 'm3 firing #1 condition'];
        await published(bench, ...fired, ...difference);
        await vi.waitFor(async () => expect(await sets.state(setId)).not.toHaveProperty('recovery'), PATIENT);
        const ack = { by: 'ana', partition: { machineId: 'm1' } };
        await vi.waitFor(() => sets.act(setId, 'acknowledge', ack), PATIENT);
        await published(bench, ...fired, ...difference, 'm1 acknowledged #1 operator');
        await isPrimed(bench, 2);
        const { state } = (await sets.state(setId)) ?? {};
        expect(state).toMatchObject({ startedAt: next.startedAtMs });
      },
      { split, reader, ...(signalsPerRun !== undefined && { signalsPerRun }) },
    );
  });

  it.each([
    ['goes on if it fires as before', machines('running', 1, 2, 1, 2), []],
    ['resolves if it does not fire', machines('running', 1, 2, 3, 1), ['resolved #1 ruleUpdated']],
  ])('its own alert %s', async (_what, events, difference) => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      { ...base, evaluate: { type: 'count', gte: 2, having: hot } },
      async (bench) => {
        await bench.send(...machines('running', 3, 4, 5), ...machines('stopped', 1, 2));
        await isSplit(bench);
        await published(bench, 'firing #1 condition');
        const next = await change(bench, 2, { evaluate: { type: 'count', gte: 2, having: busy } });
        await recover({ ...bench, ...next }, ...events);
        await published(bench, 'firing #1 condition', ...difference);
        await isPrimed(bench, 2);
      },
      { split, reader },
    );
  });

  it('begins again with the next reader if the first one dies, and publishes nothing twice', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      each,
      async (bench) => {
        await bench.send(...machines('running', 3, 4, 5), ...machines('stopped', 1, 2));
        await isSplit(bench);
        await published(bench, ...fired);
        const next = await change(bench, 2, { evaluate: { type: 'each', having: busy } });
        const events = machines('running', 1, 2, 3, 4, 1, 3);
        await recover({ ...bench, ...next, dies: true }, ...events.slice(0, 4));
        await recover({ ...bench, ...next }, ...events);
        await published(bench, ...fired, 'm2 resolved #1 ruleUpdated', 'm3 firing #1 condition');
        await isPrimed(bench, 2);
      },
      { split, reader },
    );
  });

  it('resolves the alerts of partitions that it gives up, and fires for others, under other ids', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      each,
      async (bench) => {
        await bench.send(...machines('running', 2, 3, 4, 5), ...machines('stopped', 1));
        await isSplit(bench);
        await published(bench, 'm1 firing #1 condition');
        const lines = await change(bench, 2, { partitionBy: ['line'] });
        await recover({ ...bench, ...lines }, ...machines('stopped', 1), ...machines('running', 2));
        const ofLines = [...['m1 firing #1 condition', 'm1 resolved #1 ruleUpdated'], 'l1 firing #1 condition'];
        await published(bench, ...ofLines);
        const again = await change(bench, 3, { partitionBy: ['machineId'] });
        await recover({ ...bench, ...again }, ...machines('stopped', 1), ...machines('running', 2));
        await published(bench, ...ofLines, 'l1 resolved #1 ruleUpdated', 'm1 firing #1 condition');
        await isPrimed(bench, 3);
      },
      { split, reader },
    );
  });

  it('of a group that is not expected begins with its first event', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      each,
      async (bench) => {
        const { sets, setId } = bench;
        await bench.send(...machines('running', 3, 4, 5), ...machines('stopped', 1, 2));
        await isSplit(bench);
        await published(bench, ...fired);
        const next = await change(bench, 2, { evaluate: { type: 'each', having: busy } });
        await recover({ ...bench, ...next, startsWithEvent: true }, ...machines('running', 1, 2, 1));
        await published(bench, ...fired, 'm2 resolved #1 ruleUpdated');
        await isPrimed(bench, 2);
        expect(await sets.state(setId)).toMatchObject({ state: { startedAt: next.startedAtMs } });
      },
      { split, reader },
    );
  });
});

import { describe, expect, it, vi } from 'vitest';
import { serverEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'all', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const MACHINES = Array.from({ length: 12 }, (_, index) => `m${index}`);
const PATIENT = { timeout: 30_000 };
const all = (state: string) => MACHINES.map((machineId) => ({ machineId, state }));
/** Splits with about the third machine. */
const small = { split: { atBytes: 700, shards: 3 } };

const shardsOf = async ({ sets, setId }: SetBench): Promise<string[]> => (await sets.state(setId))?.shards?.ids ?? [];

describe('a partition set that is too large for one workflow', () => {
  it('is split, and judged as one', () =>
    withSet(
      environment,
      rule,
      async (bench) => {
        const { send, alerts, sets, setId } = bench;
        await send(...all('running'));
        await send(...all('stopped'));
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
        expect(alerts[0]?.data.evidence.total).toBe(MACHINES.length);
        await send({ machineId: 'm7', state: 'running' });
        await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 cleared'), PATIENT);
        const ids = await shardsOf(bench);
        expect(ids).toHaveLength(3);
        const shards = await Promise.all(ids.map((id) => sets.state(id)));
        expect(shards.map((shard) => shard?.live ?? 0).reduce((a, b) => a + b)).toBe(MACHINES.length);
        expect(shards.flatMap((shard) => shard?.faults ?? [])).toEqual([]);
        expect(await sets.state(setId)).toMatchObject({
          live: MACHINES.length,
          satisfying: MACHINES.length - 1,
          faults: [],
        });
      },
      small,
    ));

  it('lets data of its shards go stale by time alone', () =>
    withSet(
      environment,
      { ...rule, staleAfter: '4s', for: '1s' },
      async ({ send, alerts }) => {
        const sentMs = await send(...all('stopped'));
        await vi.waitFor(
          () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 staleData']),
          PATIENT,
        );
        const [firing = NaN, resolved = NaN] = alerts.map(({ data }) => Date.parse(data.evaluatedAt) - sentMs);
        expect(firing).toBe(1_000);
        expect(resolved).toBe(4_000);
      },
      small,
    ));

  it('leaves alerts of partitions to the shards, with the ids that they would have had', () =>
    withSet(
      environment,
      { ...rule, evaluate: { ...rule.evaluate, type: 'each' } },
      async ({ send, alerts, sets, setId }) => {
        await send(...all('stopped'));
        await vi.waitFor(() => expect(alerts).toHaveLength(MACHINES.length), PATIENT);
        await send(...all('running'));
        await vi.waitFor(() => expect(alerts).toHaveLength(2 * MACHINES.length), PATIENT);
        const generations = new Set(alerts.map(({ id }) => id.replace(/^[^#]*#/, '').replace(/\.1:.*$/, '')));
        expect(generations.size).toBe(1);
        for (const machineId of MACHINES) {
          const own = alerts.filter(({ data }) => data.partition['machineId'] === machineId);
          expect(summary(own)).toEqual(['firing #1 condition', 'resolved #1 cleared']);
          expect(own.every(({ id }) => id.startsWith(`${setId}/machineId=${machineId}#`))).toBe(true);
        }
        await vi.waitFor(async () => expect((await sets.state(setId))?.status).toBe('inactive'), PATIENT);
      },
      small,
    ));

  it('reports that its rule has no room for another group', () =>
    withSet(
      environment,
      rule,
      async ({ send, alerts, sets, setId, stored, nowMs }) => {
        await send(...all('running'));
        const at = await nowMs();
        const leftOut = { seq: 1_000, time: at, at, data: {}, isLeftOut: true as const };
        for (let times = 0; times < 2; times++)
          await sets.signalEvents(setId, { version: stored.version, events: [leftOut] });
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['limit #0 limit']), PATIENT);
        expect(alerts[0]?.id).toContain(':limit.groups@');
        expect((await sets.state(setId))?.state.counters).toMatchObject({ overflow: 1, repeated: 1 });
      },
      small,
    ));

  it('applies a new version of its rule, and ends with its rule, including its shards', () =>
    withSet(
      environment,
      { ...rule, evaluate: { ...rule.evaluate, type: 'any' } },
      async (bench) => {
        const { send, alerts, sets, setId, stored, nowMs } = bench;
        await send(...all('running'), { machineId: 'm1', state: 'stopped' });
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
        const ids = await shardsOf(bench);
        const burning = {
          type: 'any' as const,
          having: { calc: 'latest' as const, property: 'state', equals: 'burning' },
        };
        await sets.changeRule(setId, { ...stored, version: 2, rule: { ...stored.rule, evaluate: burning } });
        await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 ruleUpdated'), PATIENT);
        await sets.changeRule(setId, { ...stored, version: 3 });
        await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('firing #2 condition'), PATIENT);
        await sets.end(setId, { reason: 'ruleDeleted', version: 4, atMs: await nowMs() });
        for (const id of [setId, ...ids]) await environment.client.workflow.getHandle(id).result();
        expect(summary(alerts)).toEqual([
          'firing #1 condition',
          'resolved #1 ruleUpdated',
          'firing #2 condition',
          'resolved #2 ruleDeleted',
        ]);
      },
      small,
    ));
});

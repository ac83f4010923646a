import { expect, it, vi } from 'vitest';
import type { StreamAlert } from '../../../src/core/model/alert/stream-alerts.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';
import { serverEnvironment, withSet } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const TEST_WITHIN_MS = 90_000;
const SHARDS = 2;
const MACHINES = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'];
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};

it.each([
  ['in one run', undefined],
  ['from run to run', 2],
])(
  'a set that is compared with more alerts than fit into one message is split, and corrected: %s',
  { timeout: TEST_WITHIN_MS },
  async (_what, signalsPerRun) => {
    const { reader, recover } = recoverer(environment);
    const options = {
      ...{ reader, split: { atBytes: 1_000_000, shards: SHARDS } },
      ...(signalsPerRun !== undefined && { signalsPerRun }),
    };
    await withSet(
      environment,
      rule,
      async ({ sets, setId, stored, alerts }) => {
        const place = { setId, group: [], startedAtMs: stored.storedAtMs };
        await sets.sendRule({ ...place, ranBefore: true }, stored);
        const untilMs = stored.storedAtMs + MACHINES.length;
        const generation = `${stored.storedAtMs.toString(36)}.1`;
        const fired = (machineId: string): StreamAlert => ({
          ...{ place: `machineId=${machineId}`, partition: { machineId }, id: `#${generation}.1:firing` },
          alert: { severity: 'warning', phase: 'firing', episode: 1, since: untilMs },
        });
        // The stream does not have the alerts of m5 and m6, and no event of m7.
        const published = { untilMs, generation, ruleVersion: 1, alerts: [fired('m1')] };
        const pages = [['m2', 'm3'].map(fired), ['m4', 'm7'].map(fired)];
        const events = MACHINES.map((machineId) => ({ machineId, state: 'stopped' }));
        await recover({ sets, setId, stored, published, pages }, ...events);
        const lines = (): string[] =>
          alerts.map(({ data }) => `${data.partition['machineId'] as string} ${data.status} ${data.reason}`).sort();
        const expected = ['m5 firing condition', 'm6 firing condition', 'm7 resolved reset'];
        await vi.waitFor(() => expect(lines()).toEqual(expected), PATIENT);
        await vi.waitFor(async () => expect(await sets.state(setId)).not.toHaveProperty('recovery'), PATIENT);
        const shards = (await sets.state(setId))?.shards?.ids ?? [];
        expect(shards).toHaveLength(SHARDS);
        for (const id of [setId, ...shards]) expect(await sets.state(id)).toMatchObject({ faults: [] });
      },
      options,
    );
  },
);

import { describe, expect, it, vi } from 'vitest';
import { serverEnvironment, summary, withSet } from '../../support/workflows/rule-set-worker.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };

describe('the update reset', () => {
  it.each([
    ['in one run', undefined],
    ['from run to run', 2],
  ])('rebuilds a partition set, and publishes what differs: %s', async (_what, signalsPerRun) => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, send, alerts } = bench;
        const published = (...expected: string[]): Promise<void> =>
          vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);
        await send(running);
        await send(stopped);
        await published('firing #1 condition');
        await sets.reset(setId, 'ana');
        // The stream has lost the second event.
        await recover(bench, running);
        await published('firing #1 condition', 'resolved #1 reset');
        await send(stopped);
        await published('firing #1 condition', 'resolved #1 reset', 'firing #2 condition');
        await vi.waitFor(
          async () => expect(await sets.state(setId)).toMatchObject({ faults: [], unpublished: 0 }),
          PATIENT,
        );
      },
      { reader, ...(signalsPerRun !== undefined && { signalsPerRun }) },
    );
  });

  it('is refused while the set is rebuilt, which the set shows', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, send, alerts } = bench;
        await send(stopped);
        await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
        await sets.reset(setId, 'ana');
        expect(await sets.explain(setId, {})).toMatchObject({ rebuilding: { reason: 'reset' } });
        await expect(sets.reset(setId, 'ana')).rejects.toMatchObject({ code: 'PARTITION_SET_BUSY' });
        await recover(bench, stopped);
        await vi.waitFor(async () => expect(await sets.explain(setId, {})).not.toHaveProperty('rebuilding'), PATIENT);
        expect(summary(alerts)).toEqual(['firing #1 condition']);
      },
      { reader },
    );
  });

  it('applies a version of the rule that comes meanwhile after the corrections', async () => {
    const { reader, recover } = recoverer(environment);
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, send, alerts, stored } = bench;
        await send(stopped);
        await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
        await sets.reset(setId, 'ana');
        await sets.changeRule(setId, { ...stored, rule: { ...stored.rule, partitionBy: ['line'] }, version: 2 });
        await recover(bench, stopped);
        await vi.waitFor(
          () => expect(summary(alerts)).toEqual(['firing #1 condition', 'resolved #1 ruleUpdated']),
          PATIENT,
        );
      },
      { reader },
    );
  });
});

import { describe, expect, it, vi } from 'vitest';
import { RULE_STATUS } from '../../../src/temporal/client/search-attributes.ts';
import { serverEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
const each = { ...rule, evaluate: { ...rule.evaluate, type: 'each' } };
const PATIENT = { timeout: 60_000 };
const stopped = { machineId: 'm1', state: 'stopped' };
const running = { machineId: 'm1', state: 'running' };

const published = ({ alerts }: SetBench, expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(summary(alerts)).toEqual(expected), PATIENT);

/** What of this kind the history of a set has now. */
async function counts({ setId }: Pick<SetBench, 'setId'>) {
  const { events = [] } = await environment.client.workflow.getHandle(setId).fetchHistory();
  const all = events ?? [];
  const of = (isIt: (event: (typeof all)[number]) => unknown): number => all.filter(isIt).length;
  return {
    local: of((event) => event.markerRecordedEventAttributes?.markerName === 'core_local_activity'),
    normal: of((event) => event.activityTaskScheduledEventAttributes),
    tasks: of((event) => event.workflowTaskCompletedEventAttributes),
    written: of(
      ({ upsertWorkflowSearchAttributesEventAttributes: written }) =>
        written?.searchAttributes?.indexedFields?.['RuleStatus'],
    ),
  };
}

/** The same once the task that published the newest alert is completed. */
async function countsAfter(bench: SetBench, tasks: number): ReturnType<typeof counts> {
  await vi.waitFor(async () => expect((await counts(bench)).tasks).toBeGreaterThanOrEqual(tasks), PATIENT);
  return counts(bench);
}

describe('an alert is published within the workflow task that made it', () => {
  it('costs one marker and no further task', () =>
    withSet(environment, rule, async (bench) => {
      await bench.send(stopped);
      await published(bench, ['firing #1 condition']);
      expect(await countsAfter(bench, 1)).toEqual({ local: 1, normal: 0, tasks: 1, written: 1 });
      await bench.send(running);
      await published(bench, ['firing #1 condition', 'resolved #1 cleared']);
      expect(await countsAfter(bench, 2)).toEqual({ local: 2, normal: 0, tasks: 2, written: 2 });
    }));

  it('is left to a normal activity if the stream refuses it; the next one is tried at once again', async () => {
    let [isRejected, attempts] = [true, 0];
    await withSet(
      environment,
      rule,
      async (bench) => {
        await bench.send(stopped);
        await vi.waitFor(() => expect(attempts).toBeGreaterThan(2), PATIENT);
        // Events and queries go on meanwhile.
        await bench.send(running);
        await vi.waitFor(async () => expect((await bench.sets.state(bench.setId))?.unpublished).toBe(2), PATIENT);
        isRejected = false;
        await published(bench, ['firing #1 condition', 'resolved #1 cleared']);
        const before = await counts(bench);
        expect(before).toMatchObject({ normal: 1 });
        await bench.send(stopped);
        await published(bench, ['firing #1 condition', 'resolved #1 cleared', 'firing #2 condition']);
        expect(await countsAfter(bench, before.tasks + 1)).toMatchObject({ normal: 1 });
      },
      {
        rejects() {
          attempts += 1;
          return isRejected;
        },
      },
    );
  });

  it('is left to a normal activity if the stream does not answer in time', async () => {
    let [calls, answer] = [0, (): void => undefined];
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await withSet(
      environment,
      rule,
      async (bench) => {
        await bench.send(stopped);
        await vi.waitFor(async () => expect((await counts(bench)).normal).toBe(1), PATIENT);
        expect(calls).toBeLessThanOrEqual(2);
        answer();
        await published(bench, ['firing #1 condition']);
        await bench.send(running);
        await published(bench, ['firing #1 condition', 'resolved #1 cleared']);
        // Right after that none is tried at once.
        expect((await counts(bench)).normal).toBe(2);
      },
      {
        beforePublishing() {
          calls += 1;
          return answered;
        },
      },
    );
  });

  it.each([
    [10, 0],
    [11, 1],
  ])('of %i alerts at once, a normal activity publishes %i batches', (machines, normal) =>
    withSet(environment, each, async (bench) => {
      await bench.send(...Array.from({ length: machines }, (_, n) => ({ machineId: `m${n}`, state: 'stopped' })));
      await vi.waitFor(() => expect(bench.alerts).toHaveLength(machines), PATIENT);
      await vi.waitFor(async () => expect((await bench.sets.state(bench.setId))?.unpublished).toBe(0), PATIENT);
      expect(await counts(bench)).toMatchObject({ local: 1 - normal, normal });
    }),
  );

  it('is not while the task has an update, which Temporal stores only with the completed task', () =>
    withSet(environment, rule, async (bench) => {
      await bench.send(stopped);
      await published(bench, ['firing #1 condition']);
      await bench.sets.act(bench.setId, 'acknowledge', { by: 'ana' });
      await published(bench, ['firing #1 condition', 'acknowledged #1 operator']);
      expect(await counts(bench)).toMatchObject({ local: 1, normal: 1 });
    }));
});

describe('search attributes that flap', () => {
  it('are not written each time; at last they are right', () =>
    withSet(environment, rule, async (bench) => {
      const FLAPS = 40;
      const handle = environment.client.workflow.getHandle(bench.setId);
      const begun = Date.now();
      for (let flap = 0; flap < FLAPS; flap++) await bench.send(flap % 2 === 0 ? stopped : running);
      const seconds = (Date.now() - begun) / 1_000;
      await bench.send(stopped);
      await vi.waitFor(() => expect(bench.alerts).toHaveLength(FLAPS + 1), PATIENT);
      await vi.waitFor(
        async () => expect((await handle.describe()).typedSearchAttributes.get(RULE_STATUS)).toBe('firing'),
        PATIENT,
      );
      expect((await counts(bench)).written).toBeLessThanOrEqual(2 * Math.ceil(seconds) + 2);
    }));

  it('are right in the next run', () =>
    withSet(
      environment,
      rule,
      async (bench) => {
        const handle = environment.client.workflow.getHandle(bench.setId);
        await bench.send(running);
        const { runId } = await handle.describe();
        for (const event of [stopped, running, stopped]) await bench.send(event);
        await vi.waitFor(async () => expect((await handle.describe()).runId).not.toBe(runId), PATIENT);
        await vi.waitFor(
          async () => expect((await handle.describe()).typedSearchAttributes.get(RULE_STATUS)).toBe('firing'),
          PATIENT,
        );
      },
      { signalsPerRun: 4 },
    ));
});

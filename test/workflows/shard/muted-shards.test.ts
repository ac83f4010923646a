import { describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { serverEnvironment, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const PATIENT = { timeout: 30_000 };
const HOUR_MS = 3_600_000;
const SHARDS = 2;
const split = { atBytes: 700, shards: SHARDS };
const RUNS: [what: string, options: object][] = [
  ['in one run', { split }],
  ['from run to run', { split, signalsPerRun: 2 }],
];
const base = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
};
const hot = { calc: 'latest', property: 'state', equals: 'stopped' } as const;
const each = { ...base, evaluate: { type: 'each', having: hot } };
const most = { ...base, evaluate: { type: 'count', gte: 4, having: hot } };

/** As `m1 firing #1 condition`, in any order. */
const linesOf = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts
    .map(({ data }) =>
      [...Object.values(data.partition).map(String), data.status, `#${data.episode}`, data.reason].join(' '),
    )
    .sort();
const machines = (state: string, ...numbers: number[]) => numbers.map((number) => ({ machineId: `m${number}`, state }));

/** Pauses the rule, resumes it silently, and sends what happened meanwhile. */
async function resumeSilently({ sets, setId, stored, nowMs }: SetBench, ...events: object[]): Promise<StoredRule> {
  const fromMs = (await nowMs()) + 1;
  const pause = { sinceMs: fromMs, fromMs, by: 'ana', of: 'rule' } as const;
  await sets.changeRule(setId, { ...stored, version: 2, storedAtMs: fromMs, pause });
  await vi.waitFor(async () => expect(await sets.state(setId)).toHaveProperty('paused'), PATIENT);
  const storedAtMs = fromMs + HOUR_MS;
  const silently: StoredRule = {
    ...stored,
    ...{ version: 3, storedAtMs, resumed: { mode: 'silently', fromMs, version: 3 } },
  };
  await sets.changeRule(setId, silently);
  const place = { setId, group: [], startedAtMs: stored.storedAtMs };
  for (const [index, data] of events.entries())
    await sets.sendEvents(place, silently, {
      version: 3,
      events: [{ seq: 1_000 + index, time: fromMs + index, at: fromMs + index, data: { ...data } }],
    });
  return silently;
}

/** Sends the first events after the resume: everything stored before them is delivered. */
async function goOn({ sets, setId, stored }: SetBench, resumed: StoredRule, ...more: object[]): Promise<void> {
  const { version, storedAtMs: at } = resumed;
  const place = { setId, group: [], startedAtMs: stored.storedAtMs };
  const first = { machineId: 'm5', line: 'l5', state: 'running' };
  const events = [first, ...more].map((data, index) => ({ seq: 2_000 + index, time: at, at, data: { ...data } }));
  await sets.sendEvents(place, resumed, { version, events });
}

const isSplit = ({ sets, setId }: SetBench): Promise<void> =>
  vi.waitFor(async () => expect((await sets.state(setId))?.shards?.ids).toHaveLength(SHARDS), PATIENT);

const hasNoFaults = async ({ sets, setId }: SetBench): Promise<void> => {
  const ids = (await sets.state(setId))?.shards?.ids ?? [];
  for (const id of [setId, ...ids])
    await vi.waitFor(async () => expect(await sets.state(id)).toMatchObject({ faults: [], unpublished: 0 }), PATIENT);
};

describe('a split set whose rule is resumed silently', () => {
  const published = (bench: SetBench, ...lines: string[]): Promise<void> =>
    vi.waitFor(() => expect(linesOf(bench.alerts)).toEqual([...lines].sort()), PATIENT);

  it.each(RUNS)('publishes only what differs of the alerts of its partitions: %s', (_what, options) =>
    withSet(
      environment,
      each,
      async (bench) => {
        await bench.send(...machines('running', 1, 2, 3, 4, 5), ...machines('stopped', 1, 2));
        await isSplit(bench);
        const before = ['m1 firing #1 condition', 'm2 firing #1 condition'];
        await published(bench, ...before);
        const resumed = await resumeSilently(
          bench,
          ...machines('running', 1, 2, 2),
          ...machines('stopped', 3, 4, 2),
          ...machines('running', 4),
        );
        // m2 fires as before, in another episode; m4 has resolved again.
        const difference = ['m1 resolved #1 ruleResumed', 'm3 firing #1 condition'];
        await vi.waitFor(async () => expect(await bench.sets.state(bench.setId)).toHaveProperty('muted'), PATIENT);
        await published(bench, ...before);
        await goOn(bench, resumed);
        await published(bench, ...before, ...difference);
        const ack = { by: 'ana', partition: { machineId: 'm2' } };
        await vi.waitFor(() => bench.sets.act(bench.setId, 'acknowledge', ack), PATIENT);
        await published(bench, ...before, ...difference, 'm2 acknowledged #1 operator');
        await hasNoFaults(bench);
      },
      options,
    ),
  );

  it.each(RUNS)('publishes only what differs of its own alert: %s', (_what, options) =>
    withSet(
      environment,
      most,
      async (bench) => {
        await bench.send(...machines('stopped', 1, 2, 3, 4, 5));
        await isSplit(bench);
        await published(bench, 'firing #1 condition');
        const resumed = await resumeSilently(
          bench,
          ...machines('running', 1, 2),
          ...machines('stopped', 1),
          ...machines('running', 3),
        );
        await goOn(bench, resumed);
        await published(bench, 'firing #1 condition', 'resolved #1 ruleResumed');
        await hasNoFaults(bench);
      },
      options,
    ),
  );

  it('resolves what it had published if its rule ends meanwhile', () =>
    withSet(
      environment,
      each,
      async (bench) => {
        const { sets, setId, nowMs } = bench;
        await bench.send(...machines('running', 1, 2, 3, 4, 5), ...machines('stopped', 1));
        await isSplit(bench);
        await published(bench, 'm1 firing #1 condition');
        await resumeSilently(bench, ...machines('running', 1), ...machines('stopped', 2));
        await sets.end(setId, { reason: 'ruleDeleted', version: 4, atMs: await nowMs() });
        await published(bench, 'm1 firing #1 condition', 'm1 resolved #1 ruleDeleted');
      },
      { split },
    ));

  it('resolves what it had published if its rule gets other partitions meanwhile', () =>
    withSet(
      environment,
      each,
      async (bench) => {
        const { sets, setId } = bench;
        await bench.send(...machines('running', 1, 2, 3, 4, 5), ...machines('stopped', 1));
        await isSplit(bench);
        await published(bench, 'm1 firing #1 condition');
        const resumed = await resumeSilently(bench, ...machines('running', 1), ...machines('stopped', 2));
        const next: StoredRule = { ...resumed, version: 4, rule: { ...resumed.rule, partitionBy: ['line'] } };
        await sets.changeRule(setId, next);
        const resolved = ['m1 firing #1 condition', 'm1 resolved #1 ruleUpdated'];
        await published(bench, ...resolved);
        // The partitions of before begin anew: so do their episodes.
        const back: StoredRule = { ...resumed, version: 5 };
        await sets.changeRule(setId, back);
        await goOn(bench, back, ...machines('stopped', 1));
        await published(bench, ...resolved, 'm1 firing #1 condition');
        expect(await sets.state(setId)).not.toHaveProperty('muted');
        expect(new Set(bench.alerts.map(({ id }) => id)).size).toBe(3);
        await hasNoFaults(bench);
      },
      { split },
    ));
});

describe('a muted set that outgrows its workflow', () => {
  it.each(RUNS)('is split, and publishes what fires in the end: %s', (_what, options) =>
    withSet(
      environment,
      each,
      async (bench) => {
        const { sets, setId, stored, alerts } = bench;
        const startedAtMs = stored.storedAtMs - HOUR_MS;
        const past = [...machines('stopped', 1, 2, 3, 4, 5, 6), ...machines('running', 1, 2)];
        for (const [index, data] of past.entries()) {
          const at = startedAtMs + 60_000 * index;
          await sets.sendEvents({ setId, group: [], startedAtMs }, stored, {
            version: 1,
            events: [{ seq: index + 1, time: at, at, data }],
          });
        }
        const expected = [3, 4, 5, 6].map((number) => `m${number} firing #1 condition`);
        await vi.waitFor(() => expect(linesOf(alerts)).toEqual(expected), PATIENT);
        await isSplit(bench);
        expect(await sets.state(setId)).toMatchObject({ state: { counters: { overflow: 0 } } });
        await hasNoFaults(bench);
      },
      options,
    ),
  );
});

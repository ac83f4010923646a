import { describe, expect, it, vi } from 'vitest';
import { act } from '../../../src/core/evaluation/actions/act.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import { openedSet, type RunState } from '../../../workflows/partition-set/run-state.ts';
import { unmuteAt } from '../../../workflows/rebuild/muting.ts';
import { WholeSet } from '../../../workflows/partition-set/whole-set.ts';
import { AlertOutbox } from '../../../workflows/alerts/alert-outbox.ts';
import { Faults } from '../../../workflows/shared/faults.ts';
import { recoverer } from '../../support/workflows/recoverer.ts';
import { serverEnvironment, summary, withSet, type SetBench } from '../../support/workflows/rule-set-worker.ts';

const environment = await serverEnvironment();

const HOUR_MS = 3_600_000;
const PATIENT = { timeout: 30_000 };
const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};

const UNTIL_MS = Date.UTC(2026, 0, 2);

/** The state of a run, without a workflow around it. */
function runOf(definition: object) {
  const run = { outbox: new AlertOutbox([]), faults: new Faults(), muted: null, recovery: null } as unknown as RunState;
  run.set = openedSet({ rule: parseRule({ ...definition, id: 'stopped' }), version: 1 }, [], UNTIL_MS - 24 * HOUR_MS);
  run.evaluation = new WholeSet(run);
  let seq = 0;
  const send = (hour: number, state: string): void => {
    const at = UNTIL_MS + hour * HOUR_MS;
    unmuteAt(run, at);
    run.evaluation.apply({ seq: (seq += 1), time: at, at, data: { machineId: 'm1', state } });
    run.outbox.collect(run.set);
  };
  const partitionBy = (property: string, version: number): void => {
    const stored = {
      rule: { ...run.set.rule.rule, partitionBy: [property] },
      version,
      storedAtMs: UNTIL_MS - 10 * HOUR_MS,
    };
    run.evaluation.muteAnew(stored, UNTIL_MS);
    run.evaluation.changeRule(stored);
  };
  const published = () => summary(run.outbox.alerts());
  return { run, send, partitionBy, published };
}

/** Replay is nothing to a run without a workflow. */
vi.mock('@temporalio/workflow', async (original) => ({ ...(await original<object>()), patched: () => true }));

describe.each([
  ['one alert for all partitions', 'any'],
  ['an alert for each partition', 'each'],
])('a muted set with %s', (_what, type) => {
  const typed = { ...rule, evaluate: { ...rule.evaluate, type } };

  it.each([
    ['fires', [], ['stopped'], ['firing #1 condition']],
    ['has resolved', [], ['stopped', 'running'], []],
    ['fires in a later episode', [], ['stopped', 'running', 'stopped'], ['firing #1 condition']],
    ['fires as before', ['stopped'], ['stopped'], ['firing #1 condition']],
    ['fires again', ['stopped'], ['running', 'stopped'], ['firing #1 condition']],
    ['does not fire any more', ['stopped'], ['running'], ['firing #1 condition', 'resolved #1 cleared']],
    [
      'fires as before, after an episode',
      ['stopped', 'running'],
      ['stopped'],
      ['firing #1 condition', 'resolved #1 cleared', 'firing #2 condition'],
    ],
  ])('that %s at the end publishes the difference: before %j, meanwhile %j', (_case, before, meanwhile, expected) => {
    const { run, send, published } = runOf(typed);
    before.forEach((state, hour) => send(hour - 20, state));
    const [...first] = published();
    run.evaluation.mute(UNTIL_MS, 'cleared');
    meanwhile.forEach((state, hour) => send(hour - 10, state));
    expect(published()).toEqual(first);
    unmuteAt(run, UNTIL_MS - 1);
    expect(published()).toEqual(first);
    unmuteAt(run, UNTIL_MS);
    expect(published()).toEqual(expected);
    expect(run.muted).toBeNull();
    // What follows counts on.
    const isFiring = expected.at(-1)?.startsWith('firing') === true;
    send(1, isFiring ? 'running' : 'stopped');
    const episodes = expected.filter((text) => text.startsWith('firing')).length;
    expect(published().at(-1)).toBe(isFiring ? `resolved #${episodes} cleared` : `firing #${episodes + 1} condition`);
    expect(new Set(run.outbox.alerts().map(({ id }) => id)).size).toBe(published().length);
  });

  it('keeps what people did about an alert that goes on', () => {
    const { run, send, published } = runOf(typed);
    send(-20, 'stopped');
    const partition = type === 'each' ? { partition: { machineId: 'm1' } } : {};
    act(run.set, { name: 'acknowledge', by: 'ana', ...partition }, UNTIL_MS - 19 * HOUR_MS);
    run.evaluation.mute(UNTIL_MS, 'cleared');
    send(-10, 'running');
    send(-9, 'stopped');
    send(1, 'stopped');
    expect(published()).toEqual(['firing #1 condition', 'acknowledged #1 operator']);
    send(2, 'running');
    expect(run.outbox.alerts().at(-1)?.data).toMatchObject({ status: 'resolved', acknowledged: { by: 'ana' } });
  });

  it('resolves what it had published when it ends', () => {
    const { run, send, published } = runOf(typed);
    send(-20, 'stopped');
    run.evaluation.mute(UNTIL_MS, 'cleared');
    send(-10, 'running');
    const end = { reason: 'ruleDeleted', version: 2, atMs: UNTIL_MS - HOUR_MS } as const;
    run.evaluation.end(end);
    expect(published()).toEqual(['firing #1 condition', 'resolved #1 ruleDeleted']);
  });

  it('resolves what it had published when it gets other partitions, and stays muted', () => {
    const { run, send, partitionBy, published } = runOf(typed);
    send(-20, 'stopped');
    run.evaluation.mute(UNTIL_MS, 'cleared');
    partitionBy('line', 2);
    expect(published()).toEqual(['firing #1 condition', 'resolved #1 ruleUpdated']);
    unmuteAt(run, UNTIL_MS);
    expect(published()).toHaveLength(2);
    expect(Object.keys(run.set.state.partitions)).toEqual([]);
  });

  it('repeats no id when it gets other partitions and those of before again', () => {
    const { run, send, partitionBy, published } = runOf(typed);
    send(-20, 'stopped');
    run.evaluation.mute(UNTIL_MS, 'cleared');
    partitionBy('line', 2);
    partitionBy('machineId', 3);
    send(-9, 'stopped');
    unmuteAt(run, UNTIL_MS);
    const episode = type === 'each' ? 1 : 2;
    expect(published()).toEqual([
      ...['firing #1 condition', 'resolved #1 ruleUpdated'],
      `firing #${episode} condition`,
    ]);
    expect(new Set(run.outbox.alerts().map(({ id }) => id)).size).toBe(3);
  });

  it('that is muted again is compared with what it had published before', () => {
    const { run, send, published } = runOf(typed);
    run.evaluation.mute(UNTIL_MS - HOUR_MS, 'cleared');
    send(-10, 'stopped');
    run.evaluation.mute(UNTIL_MS, 'cleared');
    send(-0.5, 'stopped');
    expect(published()).toEqual([]);
    send(0, 'stopped');
    expect(published()).toEqual(['firing #1 condition']);
  });
});

describe('a partition set that starts before its rule was stored', () => {
  const stopped = { machineId: 'm1', state: 'stopped' };
  const running = { machineId: 'm1', state: 'running' };
  /** Sends events of the hour before the rule, one a minute. */
  const sendPast = async (bench: SetBench, ...data: ProjectedEvent['data'][]): Promise<void> => {
    const { sets, setId, stored } = bench;
    const startedAtMs = stored.storedAtMs - HOUR_MS;
    for (const [index, each] of data.entries()) {
      const at = startedAtMs + 60_000 * index;
      const events = [{ seq: index + 1, time: at, at, data: each }];
      await sets.sendEvents({ setId, group: [], startedAtMs }, stored, { version: 1, events });
    }
  };
  /** Confirms that everything is delivered when it may. */
  const gate = () => {
    const { reader, ...others } = recoverer(environment);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return {
      ...others,
      open,
      reader: {
        ...reader,
        async seenUntil(...question: Parameters<typeof reader.seenUntil>) {
          await opened;
          return reader.seenUntil(...question);
        },
      },
    };
  };

  it.each([
    ['in one run', undefined],
    ['from run to run', 2],
  ])('publishes only what fires when everything before is delivered: %s', (_what, signalsPerRun) => {
    const { reader, open } = gate();
    return withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, stored, alerts, nowMs } = bench;
        await sendPast(bench, stopped, running, stopped, stopped, stopped);
        const until = new Date(stored.storedAtMs).toISOString();
        const caughtUp = { status: 'firing', muted: { until }, unpublished: 0 };
        await vi.waitFor(async () => expect(await sets.state(setId)).toMatchObject(caughtUp), PATIENT);
        expect(await sets.explain(setId, {})).toMatchObject({ muted: { until } });
        await expect(sets.act(setId, 'acknowledge', { by: 'ana' })).rejects.toMatchObject({
          code: 'PARTITION_SET_BUSY',
        });
        await expect(sets.reset(setId, 'ana')).rejects.toMatchObject({ code: 'PARTITION_SET_BUSY' });
        expect(alerts).toEqual([]);
        open();
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
        const startsAt = new Date(stored.storedAtMs - HOUR_MS + 120_000).toISOString();
        expect(alerts[0]?.data).toMatchObject({ startsAt, evaluatedAt: until });
        expect(await sets.state(setId)).not.toHaveProperty('muted');
        const at = await nowMs();
        await sets.signalEvents(setId, { version: 1, events: [{ seq: 100, time: at, at, data: running }] });
        await vi.waitFor(() => expect(summary(alerts).at(-1)).toBe('resolved #1 cleared'), PATIENT);
      },
      { reader, ...(signalsPerRun !== undefined && { signalsPerRun }) },
    );
  });

  it('publishes the same alert, with the same id, after its workflow was terminated', async () => {
    const { reader, open, recover } = gate();
    await withSet(
      environment,
      rule,
      async (bench) => {
        const { sets, setId, stored, alerts } = bench;
        const startedAtMs = stored.storedAtMs - HOUR_MS;
        await sets.sendRule({ setId, group: [], startedAtMs, ranBefore: true }, stored);
        await recover({ ...bench, startedAtMs }, stopped, running, stopped);
        await vi.waitFor(async () => expect(await sets.state(setId)).toMatchObject({ status: 'firing' }), PATIENT);
        expect(alerts).toEqual([]);
        open();
        await vi.waitFor(() => expect(summary(alerts)).toEqual(['firing #1 condition']), PATIENT);
        expect(alerts[0]?.id).toContain(`#${startedAtMs.toString(36)}.1.1:firing`);
      },
      { reader },
    );
  });
});

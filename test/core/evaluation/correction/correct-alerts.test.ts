import { describe, expect, it } from 'vitest';
import { alertsBefore, correctAlerts } from '../../../../src/core/evaluation/correction/correct-alerts.ts';
import { advanceTo, takeAlerts } from '../../../../src/core/evaluation/evaluate.ts';
import { act } from '../../../../src/core/evaluation/actions/act.ts';
import { driver, EPOCH_MS } from '../../../support/evaluation/driver.ts';

/*
 * A set that got other events than the stream has, for example by a bug, is rebuilt from what the stream has.
 */

type Sent = [at: number, machine: string, state: string];

const rule = {
  ...{ id: 'stopped', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};
const each = { ...rule, evaluate: { ...rule.evaluate, type: 'each' } };
const NOW = 100;

function after(definition: object, sent: readonly Sent[]) {
  const driven = driver(definition);
  for (const [at, m, s] of sent) driven.send(at, { m, s });
  driven.advance(NOW);
  return driven;
}

function corrected(
  definition: object,
  had: readonly Sent[],
  stream: readonly Sent[],
  prepare = (_old: Driven): void => undefined,
) {
  const [old, rebuilt] = [after(definition, had), after(definition, stream)];
  prepare(old);
  const before = alertsBefore(old.set());
  advanceTo(rebuilt.set(), before.atMs);
  takeAlerts(rebuilt.set());
  const set = correctAlerts(rebuilt.set(), before);
  return { set, alerts: takeAlerts(set) };
}
type Driven = ReturnType<typeof after>;

const on: Sent = [1, 'a', 'on'];
const off: Sent = [2, 'a', 'off'];
const onAgain: Sent = [3, 'a', 'on'];
const offAgain: Sent = [4, 'a', 'off'];

const CASES: [what: string, had: Sent[], stream: Sent[], published: string[]][] = [
  ['fires and should', [off], [off], []],
  ['does not fire and should not', [on], [on], []],
  ['fired before as it should', [off, onAgain], [off, onAgain], []],
  ['fires and should not', [off], [on], ['resolved #1']],
  ['fires and should not, and never did', [off], [], ['resolved #1']],
  ['does not fire and should', [on], [off], ['firing #1']],
  ['has resolved and should not have', [off, onAgain], [off], ['firing #2']],
  ['fires in another episode than it should', [offAgain], [off, onAgain, offAgain], []],
  ['fires in a later episode than it should', [off, onAgain, offAgain], [offAgain], []],
];

describe.each([
  ['one alert for all partitions', rule],
  ['an alert for each partition', each],
])('a reset set with %s', (_what, definition) => {
  it.each(CASES)('that %s', (_case, had, stream, published) => {
    const { set, alerts } = corrected(definition, had, stream);
    expect(alerts.map(({ data }) => `${data.status} #${data.episode}`)).toEqual(published);
    for (const { data } of alerts) expect(data).toMatchObject({ reason: 'reset' });
    // What comes next has an id of its own.
    const ids = [...after(definition, had).alerts(), ...alerts].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(takeAlerts(correctAlerts(set, alertsBefore(set)))).toEqual([]);
  });
});

const acknowledge = (old: Driven): void =>
  void act(old.set(), { name: 'acknowledge', by: 'ana' }, EPOCH_MS + NOW * 1000);

describe('a reset set', () => {
  it('keeps what people did about an alert that goes on', () => {
    const { set, alerts } = corrected(rule, [offAgain], [off, onAgain, offAgain], acknowledge);
    expect(alerts).toEqual([]);
    expect(set.state.alert).toMatchObject({ phase: 'firing', episode: 1, acknowledged: { by: 'ana' } });
  });

  it('resolves with who had acknowledged it', () => {
    const { set, alerts } = corrected(rule, [off], [on], acknowledge);
    expect(alerts.map(({ data }) => data)).toMatchObject([{ status: 'resolved', acknowledged: { by: 'ana' } }]);
    expect(set.state.alert.acknowledged).toBeUndefined();
  });

  it('does not fire again where an alert was latched, acknowledged and resolved', () => {
    const events: Sent[] = [off, onAgain];
    const acknowledged = (old: Driven): void => {
      acknowledge(old);
      old.advance(NOW + 1);
    };
    const { set, alerts } = corrected({ ...rule, latch: true }, events, events, acknowledged);
    expect(alerts).toEqual([]);
    expect(set.state.alert).toMatchObject({ phase: 'inactive', episode: 1 });
  });

  it('keeps an alert latched, and latches one that should be', () => {
    const latching = { ...rule, latch: true };
    expect(corrected(latching, [off, onAgain], [off, onAgain]).alerts).toEqual([]);
    const { alerts } = corrected(latching, [off], [off, onAgain]);
    expect(alerts.map(({ data }) => [data.status, data.episode])).toEqual([['latched', 1]]);
  });

  it('changes the severity of an alert that fires with another one', () => {
    const hot = { calc: 'latest', property: 's', gt: 80 };
    const levels = {
      ...rule,
      evaluate: {
        type: 'any',
        levels: [
          { severity: 'warning', having: hot },
          { severity: 'critical', having: { ...hot, gt: 90 } },
        ],
      },
    };
    const sent = (value: number): Sent[] => [[1, 'a', value as unknown as string]];
    const { alerts } = corrected(levels, sent(85), sent(95));
    expect(alerts.map(({ data }) => [data.status, data.severity, data.episode])).toEqual([['severity', 'critical', 1]]);
  });

  it('resolves the alert of a partition that it should not have, and counts its episodes on', () => {
    const { set, alerts } = corrected(each, [off], [[5, 'b', 'on']]);
    expect(alerts.map(({ data }) => [data.status, data.partition])).toEqual([['resolved', { m: 'a' }]]);
    expect(set.state.partitions['["a"]']?.alert).toMatchObject({ phase: 'inactive', episode: 1 });
  });
});

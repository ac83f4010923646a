import { describe, expect, it } from 'vitest';
import { readAction } from '../../../../src/core/alerts/read-action.ts';
import { act } from '../../../../src/core/evaluation/actions/act.ts';
import { takeAlerts } from '../../../../src/core/evaluation/evaluate.ts';
import { explain } from '../../../../src/core/explain/explain.ts';
import { inWords } from '../../../../src/core/explain/in-words.ts';
import type { ActionResult, AlertAction } from '../../../../src/core/model/alert/operator-action.ts';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { alertsOf, driver, EPOCH_MS } from '../../../support/evaluation/driver.ts';

const stopped = {
  ...{ id: 'stopped', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};
const each = { ...stopped, evaluate: { ...stopped.evaluate, type: 'each' } };
const iso = (seconds: number): string => new Date(EPOCH_MS + seconds * 1_000).toISOString();

/** A driver whose operators act at times in seconds. */
function operated(definition: object) {
  const set = driver(definition);
  return {
    ...set,
    act(at: number, name: AlertAction, input: object = {}): ActionResult {
      const nowMs = EPOCH_MS + at * 1_000;
      const result = act(set.set(), readAction(name, { by: 'ana', ...input }, nowMs), nowMs);
      set.alerts().push(...takeAlerts(set.set()));
      return result;
    },
    statuses: () => set.alerts().map(({ data }) => data.status),
  };
}
type Operated = ReturnType<typeof operated>;

/** A set whose alert fires from second 1 on. */
function firing(words: object = {}): Operated {
  const set = operated({ ...stopped, ...words });
  set.send(1, { m: 'a', s: 'off' });
  return set;
}

const refusalOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof VigilError ? error.code : String(error);
  }
};

describe('an acknowledgement', () => {
  it('is published, and shown by every alert of its episode', () => {
    const set = firing();
    expect(set.act(5, 'acknowledge', { note: 'on it' })).toMatchObject({ changed: true, episode: 1, state: 'firing' });
    set.send(7, { m: 'a', s: 'on' });
    set.send(8, { m: 'a', s: 'off' });
    const [, acknowledged, resolved, again] = set.alerts();
    const mark = { by: 'ana', at: iso(5), note: 'on it' };
    expect(acknowledged).toMatchObject({
      id: `c/rules/stopped/m=*#v1.1:acknowledged@${EPOCH_MS + 5_000}`,
      // The clock of the set stays where it is: events stored before may still be in flight.
      data: { status: 'acknowledged', reason: 'operator', evaluatedAt: iso(1), action: mark, acknowledged: mark },
    });
    expect(resolved?.data).toMatchObject({ status: 'resolved', acknowledged: mark });
    expect(resolved?.data).not.toHaveProperty('action');
    expect(again?.data).toMatchObject({ status: 'firing', episode: 2 });
    expect(again?.data).not.toHaveProperty('acknowledged');
    expect(set.state().alert).not.toHaveProperty('acknowledged');
  });

  it('can be taken back', () => {
    const set = firing();
    set.act(5, 'acknowledge');
    expect(set.act(6, 'unacknowledge', { by: 'bob' })).not.toHaveProperty('acknowledged');
    expect(set.alerts().at(-1)?.data).toMatchObject({ status: 'unacknowledged', action: { by: 'bob', at: iso(6) } });
  });

  it('that changes nothing publishes nothing', () => {
    const set = firing();
    expect(set.act(4, 'unacknowledge').changed).toBe(false);
    set.act(5, 'acknowledge');
    expect(set.act(6, 'acknowledge', { by: 'bob' })).toMatchObject({ changed: false, acknowledged: { by: 'ana' } });
    expect(set.statuses()).toEqual(['firing', 'acknowledged']);
  });
});

describe('a snooze', () => {
  it('lasts over episodes, and ends by itself, without an event', () => {
    const set = firing({ message: '{{evidence.items.0.partition.m}} stopped' });
    set.act(2, 'snooze', { until: iso(10) });
    set.send(3, { m: 'a', s: 'on' });
    set.send(4, { m: 'a', s: 'off' });
    expect(set.nextDeadline()).toBe(10);
    set.advance(20);
    expect(alertsOf(set).map(({ at, status, reason }) => [at, status, reason])).toEqual([
      [1, 'firing', 'condition'],
      [1, 'snoozed', 'operator'],
      [3, 'resolved', 'cleared'],
      [4, 'firing', 'condition'],
      [10, 'unsnoozed', 'snoozeEnded'],
    ]);
    const shown = set.alerts().map(({ data }) => data.snoozed?.until);
    expect(shown).toEqual([undefined, iso(10), iso(10), iso(10), undefined]);
    expect(set.alerts().at(-1)?.data).toMatchObject({ state: 'firing', episode: 2 });
  });

  it('of an alert that does not fire is a planned maintenance', () => {
    const set = operated(stopped);
    set.send(1, { m: 'a', s: 'on' });
    set.act(2, 'snooze', { until: iso(10) });
    set.advance(20);
    expect(set.alerts().map(({ data }) => [data.status, data.state, data.message])).toEqual([
      ['snoozed', 'inactive', `Snoozed by ana until ${iso(10)}, not firing: stopped`],
      ['unsnoozed', 'inactive', 'Snooze ended, not firing: stopped'],
    ]);
    expect(set.nextDeadline()).toBeNull();
  });

  it('is replaced by one with another end', () => {
    const set = firing();
    set.act(2, 'snooze', { until: iso(10) });
    expect(set.act(3, 'snooze', { until: iso(10), by: 'bob' }).changed).toBe(false);
    expect(set.act(4, 'snooze', { until: iso(30), by: 'bob' })).toMatchObject({
      changed: true,
      snoozed: { by: 'bob' },
    });
    set.advance(20);
    expect(set.statuses()).toEqual(['firing', 'snoozed', 'snoozed']);
    expect(set.act(21, 'unsnooze').changed).toBe(true);
    expect(set.act(22, 'unsnooze').changed).toBe(false);
    expect(set.nextDeadline()).toBeNull();
  });

  it('of a partition keeps it, and ends on time although the clock of the rule is behind', () => {
    const set = operated({ ...each, staleAfter: '5s', lateTolerance: '20s' });
    set.send(1, { m: 'a', s: 'on' });
    set.advance(22);
    set.act(22, 'snooze', { partition: { m: 'a' }, until: iso(60) });
    set.advance(59);
    expect(Object.keys(set.state().partitions)).toEqual(['["a"]']);
    expect(set.nextDeadline()).toBe(60);
    set.advance(60);
    expect(set.statuses()).toEqual(['snoozed', 'unsnoozed']);
    expect(set.state().partitions).toEqual({});
  });

  it('ends with the alerts of a rule', () => {
    const set = firing();
    set.act(2, 'snooze', { until: iso(10) });
    set.end(3, 'ruleDisabled');
    const ends = set.alerts().slice(2);
    expect(ends.map(({ data }) => [data.status, data.reason])).toEqual([
      ['resolved', 'ruleDisabled'],
      ['unsnoozed', 'ruleDisabled'],
    ]);
  });
});

describe('the marks of an alert', () => {
  it('survive a run, and a rule change that keeps the alert', () => {
    const set = firing();
    set.act(2, 'acknowledge');
    set.act(2, 'snooze', { until: iso(10) });
    set.restore();
    set.change({ severity: 'critical' });
    expect(set.state().alert).toMatchObject({ acknowledged: { by: 'ana' }, snoozed: { until: EPOCH_MS + 10_000 } });
    expect(set.nextDeadline()).toBe(10);
  });

  it('leave no trace in an alert that nobody acts on', () => {
    const set = firing();
    expect(Object.keys(set.state().alert)).not.toEqual(expect.arrayContaining(['actedAt']));
    expect(set.act(2, 'unsnooze').changed).toBe(false);
    expect(set.state().alert).not.toHaveProperty('actedAt');
  });

  it('give every change an id of its own, even within a millisecond', () => {
    const set = firing();
    for (const name of ['acknowledge', 'unacknowledge', 'acknowledge', 'unacknowledge'] as const) set.act(5, name);
    for (const at of [10, 11, 12]) set.act(5, 'snooze', { until: iso(at) });
    expect(new Set(set.alerts().map(({ id }) => id)).size).toBe(8);
  });

  it('are part of what the partition weighs', () => {
    const set = operated(each);
    set.send(1, { m: 'a', s: 'off' });
    const before = set.set().weight;
    set.act(2, 'acknowledge', { partition: { m: 'a' }, note: 'x'.repeat(1_000) });
    expect(set.set().weight - before).toBeGreaterThan(1_000);
    expect(set.set().weight).toBeGreaterThanOrEqual(JSON.stringify(set.state().partitions).length);
  });

  it('are in the explanation', () => {
    const set = firing();
    set.act(2, 'acknowledge');
    set.act(3, 'snooze', { until: iso(10) });
    const explained = explain(set.set());
    expect(explained.alert).toMatchObject({ acknowledged: { by: 'ana' }, snoozed: { until: iso(10) } });
    expect(explained.next).toEqual([{ at: iso(10), what: 'the snooze ends' }]);
    expect(inWords(explained)[0]).toContain(`acknowledged by ana at ${iso(2)}, snoozed by ana until ${iso(10)}`);
  });
});

describe('an action on a partition', () => {
  it('names one of many digits as signals and state do', () => {
    const set = operated(each);
    for (const m of [9007199254740992n, 9007199254740993n]) set.send(1, { m, s: 'off' });
    const partition = { m: { int: '9007199254740993' } };
    expect(set.act(2, 'acknowledge', { partition })).toMatchObject({ changed: true, partition });
    const marked = Object.values(set.state().partitions).filter(({ alert }) => alert?.acknowledged !== undefined);
    expect(marked.map(({ key }) => key)).toEqual([[{ int: '9007199254740993' }]]);
  });
});

describe('an action is refused', () => {
  const ofEach = (): Operated => {
    const set = operated(each);
    set.send(1, { m: 'a', s: 'off' });
    return set;
  };
  const resolved = (): Operated => {
    const set = firing();
    set.send(2, { m: 'a', s: 'on' });
    return set;
  };
  it.each<[string, () => Operated, AlertAction, object, string]>([
    ['of an alert that does not fire', resolved, 'acknowledge', {}, 'ALERT_NOT_FIRING'],
    ['of an earlier episode', firing, 'acknowledge', { episode: 0 }, 'ALERT_EPISODE_OVER'],
    ['of an unknown partition', ofEach, 'acknowledge', { partition: { m: 'b' } }, 'PARTITION_NOT_FOUND'],
    ['without the partition', ofEach, 'acknowledge', {}, 'ACTION_INVALID'],
    ['with another property', ofEach, 'acknowledge', { partition: { n: 'a' } }, 'ACTION_INVALID'],
    ['with a partition of one alert for all', firing, 'acknowledge', { partition: { m: 'a' } }, 'ACTION_INVALID'],
    ['without a name', firing, 'acknowledge', { by: '' }, 'ACTION_INVALID'],
    ['with a name that is too long', firing, 'acknowledge', { by: 'x'.repeat(257) }, 'ACTION_INVALID'],
    ['with a note that is too long', firing, 'acknowledge', { note: 'x'.repeat(1_025) }, 'ACTION_INVALID'],
    ['with an end that is not of a snooze', firing, 'acknowledge', { until: iso(10) }, 'ACTION_INVALID'],
    ['with an unknown field', firing, 'acknowledge', { who: 'ana' }, 'ACTION_INVALID'],
    ['with a partition that has an object', ofEach, 'acknowledge', { partition: { m: { a: 1 } } }, 'ACTION_INVALID'],
    ['with a partition that is a list', ofEach, 'acknowledge', { partition: ['a'] }, 'ACTION_INVALID'],
    ['with an episode that is a text', firing, 'acknowledge', { episode: '1' }, 'ACTION_INVALID'],
    ['without an end', firing, 'snooze', {}, 'ACTION_INVALID'],
    ['until the past', firing, 'snooze', { until: iso(5) }, 'ACTION_INVALID'],
    ['for more than a year', firing, 'snooze', { until: '2027-01-03T00:00:00Z' }, 'ACTION_INVALID'],
    ['until a date without a time zone', firing, 'snooze', { until: '2026-02-01T00:00:00' }, 'ACTION_INVALID'],
  ])('%s', (_what, open, name, input, code) => {
    const set = open();
    const before = JSON.stringify(set.state());
    expect(refusalOf(() => set.act(5, name, input))).toBe(code);
    expect(JSON.stringify(set.state())).toBe(before);
  });

  it.each([null, undefined, 7, 'ana', [], [{ by: 'ana' }]])('whose input is %j', (input) =>
    expect(refusalOf(() => readAction('acknowledge', input, 0))).toBe('ACTION_INVALID'),
  );
});

it('a set that is as large as it may be takes no further mark, but gives marks up', () => {
  const set = operated(each);
  const machines = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
  for (const m of machines) set.send(1, { m, s: 'off' });
  const note = 'x'.repeat(LIMITS.noteLength);
  const acted = (name: AlertAction, m: string, input: object = {}): string =>
    refusalOf(() => set.act(5, name, { partition: { m }, ...input }));
  const full = machines.findIndex((m) => acted('acknowledge', m, { note }) !== 'none');
  expect(full).toBeGreaterThan(0);
  const [one = '', before = ''] = [machines[full], machines[full - 1]];
  expect(acted('acknowledge', one, { note })).toBe('PARTITION_SET_FULL');
  expect(acted('snooze', one, { until: iso(600) })).toBe('PARTITION_SET_FULL');
  for (const m of machines.slice(0, 10)) expect(acted('unacknowledge', m)).toBe('none');
  expect(acted('unacknowledge', before)).toBe('none');
  expect(acted('acknowledge', one, { note })).toBe('none');
});

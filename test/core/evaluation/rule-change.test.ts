import { describe, expect, it } from 'vitest';
import { alertsOf, driver, EPOCH_MS } from '../../support/evaluation/driver.ts';

const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m', 'n'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};

/** The first episode since version 3. */
const ANEW = `#${EPOCH_MS.toString(36)}.3.1`;
const typed = (type: string): object => ({ evaluate: { ...base.evaluate, type } });

describe('a new version of a rule', () => {
  it.each<[what: string, change: object, alerts: string[]]>([
    ['with other labels', { labels: { team: 'a' } }, ['firing condition']],
    ['with the same partitionBy', { partitionBy: ['m', 'n'] }, ['firing condition']],
    ['with another property in partitionBy', { partitionBy: ['m', 'k'] }, ['firing condition', 'resolved ruleUpdated']],
    ['with other properties in partitionBy', { partitionBy: ['j', 'k'] }, ['firing condition', 'resolved ruleUpdated']],
    ['with partitionBy in another order', { partitionBy: ['n', 'm'] }, ['firing condition', 'resolved ruleUpdated']],
    ['with more in partitionBy', { partitionBy: ['m', 'n', 'k'] }, ['firing condition', 'resolved ruleUpdated']],
    ['with less in partitionBy', { partitionBy: ['m'] }, ['firing condition', 'resolved ruleUpdated']],
    [
      'that changes to each',
      { evaluate: { ...base.evaluate, type: 'each' } },
      ['firing condition', 'resolved ruleUpdated'],
    ],
  ])('%s: changed partitions start again, others continue', (_what, change, alerts) => {
    const set = driver(base);
    set.send(1, { m: 'a', n: 1, k: 2, j: 3, s: 'off' });
    set.change(change);
    expect(alertsOf(set).map(({ status, reason }) => `${status} ${reason}`)).toEqual(alerts);
    expect(Object.keys(set.state().partitions)).toEqual(alerts.length > 1 ? [] : ['["a",1]']);
  });

  it.each<[what: string, type: string, changes: object[], ids: string[]]>([
    ['others in between', 'each', [{ partitionBy: ['n'] }, { partitionBy: ['m'] }], ['#v1.1', ANEW]],
    ['no alerts of their own in between', 'each', ['any', 'each'].map(typed), ['#v1.1', ANEW]],
    ['the alert of the set', 'any', [{ partitionBy: ['n'] }, { partitionBy: ['m'] }], ['#v1.1', '#v1.2']],
    ['what changes no partition', 'each', [{ labels: { team: 'a' } }, { labels: {} }], ['#v1.1', '#v1.2']],
  ])('and then the version before, with %s: no two episodes have the same id', (_what, type, changes, ids) => {
    const set = driver({ ...base, partitionBy: ['m'], ...typed(type) });
    set.send(1, { m: 'a', n: 1, s: 'off' });
    for (const change of changes) set.change(change);
    set.send(2, { m: 'a', n: 1, s: 'on' });
    set.send(3, { m: 'a', n: 1, s: 'off' });
    const firing = set.alerts().filter(({ data }) => data.status === 'firing');
    expect(firing.map(({ id }) => id.replace(/^[^#]*|:.*$/g, ''))).toEqual(ids);
  });

  it('with fewer steps of a sequence starts without partial matches, which count the old steps', () => {
    const is = (s: string) => ({ where: [{ property: 's', equals: s }] });
    const set = driver({ ...base, evaluate: { type: 'sequence', steps: [is('on'), is('idle'), is('off')] } });
    set.send(1, { m: 'a', n: 1, s: 'on' });
    set.send(2, { m: 'a', n: 1, s: 'idle' });
    set.change({ evaluate: { type: 'sequence', steps: [is('idle'), is('off')] } });
    set.send(3, { m: 'a', n: 1, s: 'off' });
    expect(set.alerts()).toEqual([]);
    set.send(4, { m: 'a', n: 1, s: 'idle' });
    set.send(5, { m: 'a', n: 1, s: 'off' });
    expect(alertsOf(set)).toMatchObject([
      { at: 5, status: 'firing' },
      { at: 5, status: 'resolved' },
    ]);
  });

  it('without repeat sends no reminders, even while it fires', () => {
    const set = driver({ ...base, repeat: '1m' });
    set.send(1, { m: 'a', n: 1, s: 'off' });
    expect(set.nextDeadline()).toBe(61);
    set.change({ repeat: undefined });
    expect(set.nextDeadline()).toBeNull();
  });

  it('keeps since when a condition holds, whatever its number and its place are', () => {
    const off = { calc: 'latest', property: 's', equals: 'off', for: '10s' };
    const hot = (gt: number) => ({ calc: 'latest', property: 't', gt, for: '10s' });
    const all = (...parts: object[]) => ({ evaluate: { type: 'any', having: { all: parts } } });
    const set = driver({ ...base, ...all(off, hot(80)) });
    set.send(1, { m: 'a', n: 1, s: 'off', t: 90 });
    set.send(6, { m: 'a', n: 1, s: 'off', t: 90 });
    set.change(all(hot(85)));
    set.advance(20);
    expect(alertsOf(set)).toMatchObject([{ at: 11, status: 'firing' }]);
  });

  it('counts from the change since when a condition holds that compares otherwise', () => {
    const is = (comparison: object) => ({
      evaluate: { type: 'any', having: { calc: 'latest', property: 't', ...comparison, for: '10s' } },
    });
    const set = driver({ ...base, ...is({ gt: 80 }) });
    set.send(1, { m: 'a', n: 1, t: 90 });
    set.send(6, { m: 'a', n: 1, t: 90 });
    set.change(is({ lt: 100 }));
    set.advance(20);
    expect(alertsOf(set)).toMatchObject([{ at: 16, status: 'firing' }]);
  });

  it.each<[what: string, changes: object, heartbeats: number[]]>([
    ['keeps the interval of its heartbeats', { labels: { team: 'a' } }, [10, 20]],
    ['begins another one', { heartbeat: '7s' }, [12, 19]],
    ['sends none without it', { heartbeat: undefined }, []],
    ['begins it anew where all partitions do', { partitionBy: ['m'] }, [15, 25]],
  ])('%s', (_what, changes, heartbeats) => {
    const set = driver({ ...base, heartbeat: '10s' });
    set.advance(5);
    set.change(changes);
    set.advance(25);
    expect(alertsOf(set).flatMap(({ at, status }) => (status === 'heartbeat' ? [at] : []))).toEqual(heartbeats);
  });

  it('counts from the change since when a condition holds whose operand begins without values', () => {
    const above = (within: string) => ({
      evaluate: {
        type: 'any',
        having: { calc: 'latest', property: 't', gt: { calc: 'sum', property: 'n', within }, for: '10s' },
      },
    });
    const set = driver({ ...base, ...above('1s') });
    set.send(1, { m: 'a', n: 1, t: 90 });
    set.send(6, { m: 'a', n: 1, t: 90 });
    set.change(above('11s'));
    set.advance(20);
    expect(alertsOf(set)).toMatchObject([{ at: 16, status: 'firing' }]);
  });
});

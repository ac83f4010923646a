import { describe, expect, it } from 'vitest';
import { readAction } from '../../../../src/core/alerts/read-action.ts';
import { act } from '../../../../src/core/evaluation/actions/act.ts';
import { takeAlerts } from '../../../../src/core/evaluation/evaluate.ts';
import { explain } from '../../../../src/core/explain/explain.ts';
import { inWords } from '../../../../src/core/explain/in-words.ts';
import type { AlertEnvelope } from '../../../../src/core/model/alert/alert.ts';
import type { AlertAction } from '../../../../src/core/model/alert/operator-action.ts';
import { withTransition, type AlertRecord } from '../../../../src/core/read-model/alert-record.ts';
import { driver, EPOCH_MS } from '../../../support/evaluation/driver.ts';

/* A condition, `t` above 5, that holds from second 1 on and ends at second 5. Nobody has acknowledged the alert. */

const hot = { calc: 'latest', property: 't', gt: 5 };
const rule = {
  ...{ id: 'hot', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'], latch: true },
  evaluate: { type: 'any', having: hot },
};
const iso = (seconds: number): string => new Date(EPOCH_MS + seconds * 1_000).toISOString();

function latching(words: object = {}) {
  const set = driver({ ...rule, ...words });
  const isEach = 'evaluate' in words && (words.evaluate as { type: string }).type === 'each';
  const published = (): string[] =>
    set
      .alerts()
      .map(({ data }) => `${Date.parse(data.evaluatedAt) / 1_000 - EPOCH_MS / 1_000} ${data.status} ${data.reason}`);
  return {
    ...set,
    published,
    read: (at: number, t: number) => set.send(at, { m: 'a', t }),
    act(at: number, name: AlertAction, input: object = {}): void {
      const nowMs = EPOCH_MS + at * 1_000;
      const partition = isEach ? { partition: { m: 'a' } } : {};
      act(set.set(), readAction(name, { by: 'ana', ...partition, ...input }, nowMs), nowMs);
      set.alerts().push(...takeAlerts(set.set()));
    },
    /** What is said from second 5 on. */
    then: () => published().filter((line) => Number.parseInt(line, 10) >= 5),
  };
}
type Latching = ReturnType<typeof latching>;

function latched(words: object = {}): Latching {
  const set = latching(words);
  set.read(1, 9);
  set.read(5, 1);
  return set;
}

const newest = (set: Latching): AlertEnvelope['data'] | undefined => set.alerts().at(-1)?.data;

describe('an alert with `latch` whose condition has ended', () => {
  it('fires until somebody acknowledges it', () => {
    const set = latched();
    set.advance(100);
    expect(set.then()).toEqual(['5 latched cleared']);
    expect(newest(set)).toMatchObject({ state: 'firing', stoppedAt: iso(5), startsAt: iso(1), endsAt: null });
    set.act(110, 'acknowledge', { note: 'seen' });
    set.advance(111);
    expect(set.then()).toEqual(['5 latched cleared', '100 acknowledged operator', '100 resolved cleared']);
    const mark = { by: 'ana', at: iso(110), note: 'seen' };
    expect(newest(set)).toMatchObject({ state: 'inactive', startsAt: iso(1), endsAt: iso(5), acknowledged: mark });
    expect(newest(set)).not.toHaveProperty('stoppedAt');
    expect(set.state().alert).not.toHaveProperty('latched');
  });

  it('goes on in the same episode if its condition holds again', () => {
    const set = latched();
    for (const at of [6, 8]) {
      set.read(at, 9);
      set.read(at, 1);
    }
    const again = ['unlatched condition', 'latched cleared'];
    expect(set.then()).toEqual(['5 latched cleared', ...[6, 6, 8, 8].map((at, index) => `${at} ${again[index % 2]}`)]);
    expect(new Set(set.alerts().map(({ id }) => id)).size).toBe(6);
    expect(newest(set)).toMatchObject({ episode: 1, stoppedAt: iso(8) });
  });

  it('resolves by itself if somebody has acknowledged it before, and not if that was taken back', () => {
    const ends = ['acknowledge', 'unacknowledge'].map((last) => {
      const set = latching();
      set.read(1, 9);
      set.act(2, 'acknowledge');
      if (last === 'unacknowledge') set.act(3, 'unacknowledge');
      set.read(5, 1);
      return set.then();
    });
    expect(ends).toEqual([['5 resolved cleared'], ['5 latched cleared']]);
  });

  it('goes on if the acknowledgement is taken back before the clock moves, or its condition holds again', () => {
    const taken = latched();
    taken.act(6, 'acknowledge');
    taken.act(6, 'unacknowledge');
    taken.advance(20);
    expect(taken.state().alert).toMatchObject({ phase: 'firing', latched: true });
    const held = latched();
    held.act(6, 'acknowledge');
    held.read(5, 9);
    held.advance(20);
    expect(held.state().alert).toMatchObject({ phase: 'firing', acknowledged: { by: 'ana' } });
    held.read(21, 1);
    expect(held.published().at(-1)).toBe('21 resolved cleared');
  });

  it('reminds, and is snoozed, like any that fires', () => {
    const set = latched({ repeat: '10s' });
    set.act(6, 'snooze', { until: iso(15) });
    set.advance(25);
    expect(set.then()).toEqual([
      ...['5 latched cleared', '5 snoozed operator', '11 reminder condition', '15 unsnoozed snoozeEnded'],
      '21 reminder condition',
    ]);
    expect(
      set
        .alerts()
        .slice(1)
        .map(({ data }) => data.stoppedAt),
    ).toEqual(Array(5).fill(iso(5)));
  });

  it('survives a run', () => {
    const set = latched();
    set.restore();
    set.act(6, 'acknowledge');
    set.restore();
    set.advance(7);
    expect(set.published().at(-1)).toBe('5 resolved cleared');
  });

  it('says so in its explanation and its record', () => {
    const set = latched();
    const explained = explain(set.set());
    expect(explained.alert).toMatchObject({ state: 'firing', latched: true, stoppedAt: iso(5) });
    expect(inWords(explained)[0]).toContain(`and stopped at ${iso(5)}, latched until somebody acknowledges it`);
    expect(explained.next).toEqual([]);
    const record = (): AlertRecord | null =>
      set.alerts().reduce<AlertRecord | null>((before, alert, index) => withTransition(before, alert, index + 1), null);
    expect(record()).toMatchObject({ state: 'firing', stoppedAt: iso(5), endsAt: null });
    set.read(6, 9);
    expect(record()).toMatchObject({ state: 'firing' });
    expect(record()).not.toHaveProperty('stoppedAt');
  });
});

const levels = [
  { severity: 'warning', having: hot },
  { severity: 'critical', having: { ...hot, gt: 50 } },
];

describe('what `latch` waits for', () => {
  it.each<[string, object]>([
    ['any', { type: 'any', having: hot }],
    ['all', { type: 'all', having: hot }],
    ['each', { type: 'each', having: hot }],
    ['count', { type: 'count', gte: 1, having: hot }],
    ['percent', { type: 'percent', gte: 50, having: hot }],
    ['a value of the set', { type: 'max', of: { calc: 'latest', property: 't' }, gt: 5 }],
    ['levels', { type: 'any', levels }],
    ['levels with times of their own', { type: 'any', levels: levels.map((each) => ({ ...each, for: '0s' })) }],
  ])('with %s: the acknowledgement', (_name, evaluate) => {
    const set = latched({ evaluate });
    set.advance(60);
    expect(set.then()).toEqual(['5 latched cleared']);
    set.act(61, 'acknowledge');
    set.advance(62);
    expect(set.published().at(-1)).toBe('60 resolved cleared');
  });

  it('of a sequence, whose match ends at once: the acknowledgement', () => {
    const set = latching({ evaluate: { type: 'each', having: hot } });
    set.change({ evaluate: { type: 'sequence', steps: [{ where: [{ property: 't', gt: 5 }] }] } });
    set.read(5, 9);
    set.read(6, 9);
    expect(set.published()).toEqual([
      ...['5 firing condition', '5 latched cleared'],
      ...['6 unlatched condition', '6 latched cleared'],
    ]);
    set.act(7, 'acknowledge');
    set.advance(8);
    expect(set.published().at(-1)).toBe('6 resolved cleared');
  });

  it.each<[string, object, (set: Latching) => void, string[]]>([
    ['keepFiringFor has passed', { keepFiringFor: '3s' }, (set) => set.advance(20), ['8 latched cleared']],
    [
      'its data expires',
      { staleAfter: '2s' },
      (set) => {
        set.read(5, 9);
        set.advance(20);
      },
      ['5 unlatched condition', '7 latched staleData'],
    ],
  ])('latches when %s', (_name, words, happens, expected) => {
    const set = latched(words);
    happens(set);
    expect(set.then().filter((line) => line !== '5 latched cleared')).toEqual(expected);
  });

  it('says `severity` if it holds again at another level', () => {
    const set = latched({ evaluate: { type: 'any', levels } });
    set.read(6, 99);
    set.read(7, 1);
    expect(set.then()).toEqual(['5 latched cleared', '6 severity condition', '7 latched cleared']);
    expect(newest(set)).toMatchObject({ episode: 1, severity: 'critical' });
  });

  it('holds the latches of `clear`, which end with the alert', () => {
    const set = latching({ evaluate: { type: 'count', gte: 2, having: hot }, clear: { ...hot, gt: undefined, lt: 3 } });
    for (const m of ['a', 'b']) set.send(1, { m, t: 9 });
    set.send(5, { m: 'a', t: 4 });
    set.send(5, { m: 'b', t: 1 });
    expect(set.then()).toEqual(['5 latched cleared']);
    set.send(6, { m: 'b', t: 9 });
    expect(set.published().at(-1)).toBe('6 unlatched condition');
    set.send(7, { m: 'b', t: 1 });
    set.act(8, 'acknowledge');
    set.advance(9);
    expect(set.published().at(-1)).toBe('7 resolved cleared');
    set.send(10, { m: 'b', t: 9 });
    expect(set.published().at(-1)).toBe('7 resolved cleared');
  });

  it.each<[string, object, (set: Latching) => void, string]>([
    [
      'noData with resolve',
      { noData: { after: '4s', then: 'resolve' } },
      (set) => set.advance(20),
      '9 resolved noData',
    ],
    [
      'forgetOn with each',
      { evaluate: { type: 'each', having: hot }, forgetOn: [{ property: 'gone', equals: true }] },
      (set) => set.send(6, { m: 'a', gone: true }),
      '6 resolved forgotten',
    ],
    ['a version without latch', {}, (set) => set.change({ latch: false }), '5 resolved cleared'],
    ['the end of the rule', {}, (set) => set.end(8, 'ruleDeleted'), '8 resolved ruleDeleted'],
    [
      'a schedule that closes',
      { schedule: { timezone: 'UTC', from: '00:00', to: '00:01', onClose: 'resolve' } },
      (set) => set.advance(70),
      '60 resolved schedule',
    ],
  ])('does not outlive %s', (_name, words, happens, expected) => {
    const set = latched(words);
    happens(set);
    expect(set.published().at(-1)).toBe(expected);
    expect(JSON.stringify(set.state())).not.toContain('"latched"');
  });

  it('goes on with a new version that changes something else', () => {
    const set = latched();
    set.change({ severity: 'critical' });
    expect(set.state().alert).toMatchObject({ phase: 'firing', latched: true });
  });
});

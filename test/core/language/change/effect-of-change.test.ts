import { describe, expect, it, test } from 'vitest';
import { effectOfChange } from '../../../../src/core/language/change/effect-of-change.ts';
import type { ChangeEffect } from '../../../../src/core/language/change/change-effect.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';

const hot = { calc: 'latest', property: 'celsius', gt: 80, for: '5m' };
const cold = { calc: 'latest', property: 'celsius', lt: 5, for: '5m' };
const mean = { calc: 'avg', property: 'celsius', within: '10m', gt: 70 };
const base = {
  ...{ id: 'r', clientId: 'c', name: 'Hot', severity: 'warning' },
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { all: [hot, mean] } },
};
const having = (...all: object[]): object => ({ evaluate: { type: 'any', having: { all } } });
const effectOf = (changes: object, from: object = {}): ChangeEffect =>
  effectOfChange(parseRule({ ...base, ...from }), parseRule({ ...base, ...from, ...changes }));

describe('what a change of a rule does', () => {
  it.each<[what: string, changes: object, kind: ChangeEffect['kind']]>([
    ['the same rule', {}, 'nothing'],
    ['another name', { name: 'Warm' }, 'keepsAll'],
    ['labels', { labels: { team: 'ops' } }, 'keepsAll'],
    ['a message', { message: 'Hot!', resolvedMessage: 'Fine.' }, 'keepsAll'],
    ['another severity', { severity: 'critical' }, 'keepsAll'],
    ['reminders', { repeat: '1h' }, 'keepsAll'],
    ['a heartbeat', { heartbeat: '1h' }, 'keepsAll'],
    ['enabled: true, which is the default', { enabled: true }, 'keepsAll'],
    ['another threshold', having({ ...hot, gt: 85 }, mean), 'judgesAgain'],
    ['another for of a condition', having({ ...hot, for: '1m' }, mean), 'judgesAgain'],
    ['another for of the rule', { for: '2m' }, 'judgesAgain'],
    ['conditions in another order', having(mean, hot), 'judgesAgain'],
    ['a condition less', having(hot), 'judgesAgain'],
    ['all for any', { evaluate: { ...base.evaluate, type: 'all' } }, 'judgesAgain'],
    ['a schedule', { schedule: { timezone: 'UTC', from: '08:00', to: '18:00' } }, 'judgesAgain'],
    ['another window', having(hot, { ...mean, within: '20m' }), 'resetsConditions'],
    ['another calculation over the same values', having(hot, { ...mean, calc: 'max' }), 'judgesAgain'],
    ['another calculation over others', having(hot, { ...mean, calc: 'changes' }), 'resetsConditions'],
    ['another where of a calculation', having(hot, { ...mean, where: [{ property: 'x', gt: 1 }] }), 'resetsConditions'],
    ['another where', { where: [{ property: 'type', equals: 'heat' }] }, 'beginsAnew'],
    ['another partitionBy', { partitionBy: ['machineId', 'part'] }, 'beginsAnew'],
    ['groupBy', { groupBy: ['site'] }, 'beginsAnew'],
    ['each for any', { evaluate: { ...base.evaluate, type: 'each' } }, 'beginsAnew'],
    ['enabled: false', { enabled: false }, 'ends'],
  ])('%s', (_what, changes, kind) => {
    const effect = effectOf(changes);
    expect(effect.kind).toBe(kind);
    expect(effect.resolvesAlerts).toBe(kind === 'beginsAnew' || kind === 'ends');
    expect(effect.begins.length > 0).toBe(kind === 'resetsConditions');
    expect(effect.lines.length).toBeGreaterThan(0);
  });

  it.each<[what: string, changes: object, primedFrom: string | undefined]>([
    ['another threshold', having({ ...hot, gt: 85 }, mean), undefined],
    ['another backfill', { backfill: '2d' }, undefined],
    ['another window', having(hot, { ...mean, within: '20m' }), '1d'],
    ['another partitionBy', { partitionBy: ['machineId', 'part'] }, '1d'],
    ['another where', { where: [{ property: 'type', equals: 'heat' }] }, '1d'],
    ['enabled: false', { enabled: false }, undefined],
  ])('primes a rule with backfill if it loses state: %s', (_what, changes, primedFrom) => {
    const { lines, ...effect } = effectOf(changes, { backfill: '1d' });
    expect(effect.primedFrom).toBe(primedFrom);
    expect(lines.some((line) => line.includes('the events of the last 1d (backfill)'))).toBe(primedFrom !== undefined);
  });

  it('primes a new rule with backfill', () => {
    const { primedFrom, lines } = effectOfChange(undefined, parseRule({ ...base, backfill: '1d' }));
    expect(primedFrom).toBe('1d');
    expect(lines).toEqual([
      'The rule starts with the events of the last 1d (backfill). It publishes what fires now, and nothing that is over.',
    ]);
  });

  it('is a start for a new rule, and an end for a deleted one', () => {
    const rule = parseRule(base);
    expect(effectOfChange(undefined, rule)).toMatchObject({ kind: 'starts', resolvesAlerts: false });
    expect(effectOfChange(rule, undefined)).toMatchObject({ kind: 'ends', resolvesAlerts: true });
  });

  it('is nothing for a disabled rule, until it is enabled', () => {
    expect(effectOf({ partitionBy: ['x'] }, { enabled: false })).toMatchObject({
      kind: 'nothing',
      lines: ['Nothing runs: the rule is disabled.'],
    });
    expect(effectOf({ enabled: true }, { enabled: false }).kind).toBe('starts');
    expect(effectOfChange(undefined, parseRule({ ...base, enabled: false })).kind).toBe('nothing');
  });
});

describe('what begins with a change', () => {
  const full = { calc: 'count', within: '1h', lt: 1, whenFull: true };
  const timed = (...severities: string[]): object => ({
    evaluate: {
      type: 'any',
      levels: severities.map((severity, index) => ({ severity, having: { ...mean, gt: 70 + index }, for: '1m' })),
    },
  });
  const is = (s: string): object => ({ where: [{ property: 's', equals: s }] });
  const steps = (...all: string[]): object => ({ evaluate: { type: 'sequence', steps: all.map(is) } });
  const settings = { settings: [{ property: 'type', equals: 'limit' }] };
  const limited = having({ calc: 'latest', property: 'celsius', gt: { latest: 'limit' } });

  test.each<[what: string, from: object, changes: object, begins: string[]]>([
    [
      'the windows of another window length only',
      {},
      having(hot, { ...mean, within: '20m' }),
      ['values avg(celsius, 20m) gt 70'],
    ],
    ['the values of an operand', {}, limited, ['values latest(celsius) gt {"latest":"limit"}']],
    [
      'the time of a condition that gets a for',
      having({ calc: 'latest', property: 'celsius', gt: 80 }),
      having(hot),
      ['time latest(celsius) gt 80 for 5m'],
    ],
    ['the time of one that compares otherwise', {}, having(cold, mean), ['time latest(celsius) lt 5 for 5m']],
    [
      'what has to fill',
      having(full),
      having(full, { ...full, within: '2h' }),
      ['fill count(1h) lt 1 when full', 'values count(2h) lt 1 when full'],
    ],
    ['the times of levels', timed('warning'), timed('warning', 'critical'), ['levels ']],
    ['the matches of a sequence', steps('on', 'off'), steps('on', 'idle'), ['matches ']],
    [
      'the values of settings',
      { ...settings, ...limited },
      { settings: [{ property: 'type', equals: 'max' }] },
      ['settings '],
    ],
    ['nothing, if settings brought nothing', settings, { settings: [{ property: 'type', equals: 'max' }] }, []],
  ])('%s', (_what, from, changes, begins) => {
    const effect = effectOf(changes, from);
    expect(effect.begins.map(({ part, condition = '' }) => `${part} ${condition}`)).toEqual(begins);
    expect(effect.lines).toHaveLength(begins.length + 2);
  });

  it('is said in plain English', () => {
    expect(effectOf(having(hot, { ...mean, within: '20m' })).lines).toEqual([
      'avg(celsius, 20m) gt 70: begins without values. It sees only events after the change.',
      'Everything else is kept.',
      'Conditions are judged again at once: alerts may fire or resolve.',
    ]);
    expect(effectOf({ partitionBy: ['x'] }).lines[0]).toBe(
      'Another partitionBy: all partitions begin without any state. Alerts that fire resolve (ruleUpdated).',
    );
    expect(effectOf({ evaluate: { ...base.evaluate, type: 'each' } }).lines[0]).toMatch(/^From any to each: /);
    expect(effectOf({ repeat: '1h', heartbeat: '2h' }).lines).toEqual([
      'Values, windows, pending times and alerts are kept.',
      'Reminders count from the change.',
      'Heartbeats count from the change.',
    ]);
  });

  it('is short, whatever the rule says', () => {
    const long = { ...mean, where: [{ property: 'x', in: Array.from({ length: 60 }, (_, n) => `value number ${n}`) }] };
    const [first] = effectOf(having(hot, long)).begins;
    expect(first?.condition?.length).toBeLessThanOrEqual(300);
    expect(first?.condition).toMatch(/…$/);
  });
});

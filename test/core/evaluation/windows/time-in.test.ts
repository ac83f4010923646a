import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { driver } from '../../../support/evaluation/driver.ts';

const START_MS = Date.UTC(2026, 0, 1);
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };
const where = [{ property: 's', equals: 'open' }];
const rule = (having: object): object => ({
  ...base,
  evaluate: { type: 'any', having: { calc: 'timeIn', within: '10m', where, ...having } },
});

type Event = [atS: number, s: unknown, timeS?: number];

function played(having: object, events: Event[], untilS = 7_200): string[] {
  const set = driver(rule(having));
  for (const [atS, s, time] of events) set.send(atS, { m: 'a', s, ...(time !== undefined && { time }) });
  set.advance(untilS);
  return set.alerts().map(({ data }) => `${(Date.parse(data.evaluatedAt) - START_MS) / 1000} ${data.status}`);
}

describe('timeIn: for how much of the window the newest event so far matched', () => {
  it.each<[what: string, having: object, events: Event[], expected: string[]]>([
    ['moves with the clock', { gte: '4m' }, [[0, 'open']], ['240 firing']],
    ['above 4 m is 1 ms later', { gt: '4m' }, [[0, 'open']], ['240.001 firing']],
    ['is at most the window', { equals: '10m' }, [[0, 'open']], ['600 firing']],
    [
      'adds several stretches',
      { gte: '4m' },
      [
        [0, 'open'],
        [120, 'closed'],
        [240, 'open'],
      ],
      ['360 firing'],
    ],
    [
      'forgets what leaves the window',
      { gte: '4m' },
      [
        [0, 'open'],
        [300, 'closed'],
      ],
      // 5 m are open, of which the first leaves after 10 m.
      ['240 firing', '660.001 resolved'],
    ],
    [
      'knows what held at the start of the window',
      { gte: '9m' },
      [
        [0, 'open'],
        [3_600, 'closed'],
      ],
      ['540 firing', '3660.001 resolved'],
    ],
    [
      'an event without the property does not match',
      { gte: '4m' },
      [
        [0, 'open'],
        [60, undefined],
      ],
      [],
    ],
    ['time before the first event does not count', { lt: '1m' }, [[600, 'open']], ['600 firing', '660 resolved']],
    ['is 0 and known while nothing matched', { lt: '1ms' }, [[0, 'closed']], ['0 firing']],
    [
      'a late event changes what held before',
      { gte: '8m' },
      [
        [0, 'open'],
        [300, 'open'],
        [400, 'closed', 100],
      ],
      // Open until 1 m 40 s, and again from 5 m: 100 s + 480 s are 8 m with what leaves after 10 m.
      ['780 firing'],
    ],
    [
      'a late event that is older than the window is what held at its start',
      { lt: '2m' },
      [
        [0, 'open'],
        [3_600, 'open'],
        [3_660, 'closed', 2_000],
      ],
      ['0 firing', '120 resolved', '3660 firing', '3720 resolved'],
    ],
    ['an event ahead of the clock counts from its own time', { gte: '4m' }, [[0, 'open', 60]], ['300 firing']],
    ['between compares durations', { between: ['1m', '2m'] }, [[0, 'open']], ['60 firing', '120.001 resolved']],
  ])('%s', (_what, having, events, expected) => {
    expect(played(having, events)).toEqual(expected);
  });

  it('stays exact, and reports no limit, for very many events that rarely change', () => {
    const events = Array.from({ length: 4_000 }, (_, second): Event => [
      second,
      second % 1_000 < 250 ? 'open' : 'closed',
    ]);
    // Four stretches of 250 s are in the window at most.
    expect(played({ within: '1h', gt: '900s' }, events, 4_000)).toEqual(['3150.001 firing', '3700 resolved']);
  });
});

describe('timeIn in a rule', () => {
  const messages = (having: object): string[] =>
    checkRule(rule(having)).issues.map(({ path, message }) => `${path}: ${message}`);

  it.each<[having: object, expected: RegExp]>([
    [{ where: undefined, gt: '5m' }, /evaluate\.having\.where.*missing/],
    [{ within: undefined, gt: '5m' }, /evaluate\.having\.within.*missing/],
    [{ gt: 5 }, /evaluate\.having\.gt: must be a duration such as 5m, because timeIn is a duration/],
    [{ contains: '5m' }, /evaluate\.having\.contains: compares texts, but timeIn is a duration/],
    [{ gt: { latest: 'v' } }, /evaluate\.having\.gt: must be a duration/],
    [{ property: 's', gt: '5m' }, /property/],
    [{ hold: true, gt: '5m' }, /hold/],
  ])('%j is refused', (having, expected) => {
    expect(messages(having).join('\n')).toMatch(expected);
  });

  it.each<[having: object, expected: string[]]>([
    [{ gt: '10m' }, ['evaluate.having: can never hold: no value satisfies gt "10m"']],
    [{ gte: '10m' }, []],
    [{ lte: '10m' }, ['evaluate.having: always holds: lte "10m" excludes nothing']],
  ])('%j is warned of', (having, expected) => {
    expect(analyseRule(parseRule(rule(having))).map(({ path, message }) => `${path}: ${message}`)).toEqual(expected);
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fewerPoints, plotOf, plotReader, type Plot } from '../../../src/core/explain/plot.ts';
import type { Condition } from '../../../src/core/model/rule/condition-schema.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';

const ruleOf = (having: Condition): Rule => ({
  id: 'hot',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'temperature' }],
  groupBy: ['hall'],
  partitionBy: ['line', 'machineId'],
  evaluate: { type: 'each', having },
  severity: 'critical',
});
const CELSIUS: Condition = { calc: 'latest', property: 'celsius', gt: 80 };
const [GT_80, BELOW_20] = [
  { word: 'gt', value: 80, severity: 'critical' },
  { word: 'lt', value: 20, severity: 'critical' },
];

describe('what can be drawn of a rule', () => {
  it.each<[string, Condition, Partial<Plot> | null]>([
    ['its comparison with a number', CELSIUS, { property: 'celsius', calc: 'latest', thresholds: [GT_80] as never }],
    [
      'both ends of between',
      { calc: 'avg', property: 'celsius', within: '5m', between: [1, 2] },
      { calc: 'avg', thresholds: [1, 2].map((value) => ({ word: 'between', value, severity: 'critical' as const })) },
    ],
    [
      'all on the same property, wherever they are',
      {
        any: [
          CELSIUS,
          { not: { calc: 'latest', property: 'celsius', lt: 20 } },
          { calc: 'latest', property: 'bar', gt: 1 },
        ],
      },
      { property: 'celsius', thresholds: [GT_80, BELOW_20] as never },
    ],
    ['nothing of texts', { calc: 'latest', property: 'state', equals: 'stopped' }, null],
    ['nothing of counts, whose scale is another', { calc: 'count', within: '5m', gt: 3 }, null],
  ])('%s', (_what, having, plot) => {
    if (plot === null) expect(plotOf(ruleOf(having))).toBeNull();
    else expect(plotOf(ruleOf(having))).toMatchObject(plot);
  });

  it('a threshold for each level', () => {
    const levels = [
      { severity: 'warning' as const, having: CELSIUS },
      { severity: 'critical' as const, having: { ...CELSIUS, gt: 95 } },
    ];
    const plot = plotOf({ ...ruleOf(CELSIUS), evaluate: { type: 'each', levels } });
    expect(plot?.thresholds.map(({ value, severity }) => [value, severity])).toEqual([
      [80, 'warning'],
      [95, 'critical'],
    ]);
  });
});

it.each([
  ['its value', {}, 95.5],
  ['a whole number with many digits', { celsius: 2n ** 60n }, 2 ** 60],
  ['none of another type of event', { type: 'pressure' }, null],
  ['none of another group', { hall: 2 }, null],
  ['none of another partition', { machineId: 'm2' }, null],
  ['none of an event without a key', { line: undefined }, null],
  ['none of what is no number', { celsius: 'hot' }, null],
])('reads of an event %s', (_what, changes, value) => {
  const rule = ruleOf(CELSIUS);
  const read = plotReader(rule, plotOf(rule) as Plot, { group: { hall: 1 }, partition: { machineId: 'm1', line: 7 } });
  const data = { type: 'temperature', hall: 1, line: 7, machineId: 'm1', celsius: 95.5, ...changes };
  const event = { clientId: 'client-01', type: 'temperature', sequence: 1, timeMs: 0, storedAtMs: 0, data };
  expect(read(event)).toBe(value);
});

test.prop([
  fc.array(fc.record({ atMs: fc.nat(), value: fc.integer() }), { maxLength: 300 }),
  fc.integer({ min: 4, max: 50 }),
])('fewer points keep the least and the greatest value, in the order of time', (points, most) => {
  const few = fewerPoints(points, most);
  const values = (all: typeof points): number[] => all.map(({ value }) => value);
  expect(few.length).toBeLessThanOrEqual(most);
  expect(few).toEqual(few.toSorted((a, b) => a.atMs - b.atMs));
  expect([Math.min(...values(few)), Math.max(...values(few))]).toEqual([
    Math.min(...values(points)),
    Math.max(...values(points)),
  ]);
});

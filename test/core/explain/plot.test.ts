import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fewerPoints, plotOf, type Plot, type Point } from '../../../src/core/explain/plot.ts';
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
    [
      'a count of events',
      { calc: 'count', within: '5m', gt: 3 },
      { property: null, text: 'count(5m)', windowMs: 300_000 },
    ],
    [
      'only the same calculation',
      { all: [CELSIUS, { ...CELSIUS, calc: 'avg', within: '5m', gt: 7 }] },
      { thresholds: [GT_80] as never },
    ],
    ['nothing of durations', { calc: 'age', gt: '5m' }, null],
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

it('draws the value that partitions have together', () => {
  const of = { calc: 'latest', property: 'watts' } as const;
  const plot = plotOf({ ...ruleOf(CELSIUS), evaluate: { type: 'sum', of, gt: 100 } });
  expect(plot).toMatchObject({ text: 'sum of latest(watts)', node: null, thresholds: [{ ...GT_80, value: 100 }] });
});

test.prop([
  fc.array(fc.record({ atMs: fc.nat(), value: fc.option(fc.integer()) }), { maxLength: 300 }),
  fc.integer({ min: 6, max: 50 }),
])('fewer points keep the least and the greatest value and what is unknown, in the order of time', (points, most) => {
  const few = fewerPoints(points, most);
  const known = (all: readonly Point[]): number[] => all.flatMap(({ value }) => value ?? []);
  const isGap = ({ value }: Point): boolean => value === null;
  expect(few.length).toBeLessThanOrEqual(most);
  expect(few).toEqual(few.toSorted((a, b) => a.atMs - b.atMs));
  expect([Math.min(...known(few)), Math.max(...known(few)), few.some(isGap)]).toEqual([
    Math.min(...known(points)),
    Math.max(...known(points)),
    points.some(isGap),
  ]);
});

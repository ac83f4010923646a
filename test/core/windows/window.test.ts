import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CALCS, specOf } from '../../../src/core/windows/calculations.ts';
import { SlidingWindow } from '../../../src/core/windows/window.ts';
import type { AccumulatorKind, WindowState } from '../../../src/core/model/partition-set/window-state.ts';
import type { Calculation } from '../../../src/core/model/rule/condition-schema.ts';
import { emptyAccumulator } from '../../../src/core/windows/accumulators.ts';
import { contentOf } from '../../../src/core/windows/window-content.ts';
import { newWindow } from '../../../src/core/windows/slices.ts';

const WITHIN_MS = 100;
const RUNS = 300;
const of = { property: 'v', within: '100ms', gt: 0 } as const;
const CALCULATIONS: [name: string, node: Calculation][] = [
  ...(['count', 'rate'] as const).map((calc): [string, Calculation] => [calc, { calc, within: '100ms', gt: 0 }]),
  ...(['changes', 'sum', 'avg', 'min', 'max', 'range', 'stddev', 'delta', 'deltaPercent', 'increase'] as const).map(
    (calc): [string, Calculation] => [calc, { calc, ...of }],
  ),
  ...(['avg', 'min', 'max', 'range', 'delta', 'deltaPercent'] as const).map((calc): [string, Calculation] => [
    `${calc} with hold`,
    { calc, ...of, hold: true },
  ]),
  ...[1, 50, 95, 100].map((p): [string, Calculation] => [`percentile ${p}`, { calc: 'percentile', p, ...of }]),
];
const values = fc.constantFrom(0.1, 0.2, 0.3, -0.3, 1, 2, 3, 20.7, 25.1, 25.9, 1e16, -1e16, 1e-9, 1e308, -1e308);
const steps = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 0, 1, 1, 2, 5, 60),
    late: fc.constantFrom(0, 0, 0, 0, 0, 0, 3, 40, 150, -7),
    value: values,
  }),
  { minLength: 1, maxLength: 150 },
);
const compared = fc
  .uniqueArray(fc.oneof(values, fc.constantFrom(0, 5, 10, 0.15, 24.5, 300)), { maxLength: 4 })
  .map((list) => list.sort((a, b) => a - b));

/** Where a value is relative to the operands. */
const sides = (value: unknown, numbers: readonly number[]): number[] =>
  numbers.map((number) => (typeof value === 'number' ? Math.sign(value - number) : Number.NaN));

describe.each(CALCULATIONS)('a running window: %s', (_name, node) => {
  const { ofWindow, store } = specOf(node);
  if (ofWindow === undefined) throw new Error('a calculation over a window');

  it('has the value of its state, and stays on its side of the operands until the predicted time', () => {
    const says = (moves: { gap: number; late: number; value: number }[], thresholds: number[]): void => {
      const asked = ofWindow.thresholds?.(thresholds, WITHIN_MS) ?? thresholds;
      const state = emptyAccumulator(store as AccumulatorKind) as WindowState;
      const window = new SlidingWindow(state, { kind: store as AccumulatorKind, withinMs: WITHIN_MS });
      const fromState = (at: number): unknown => ofWindow.ofContent(contentOf(state, at, WITHIN_MS), WITHIN_MS);
      let now = 1_000;
      for (const [index, { gap, late, value }] of moves.entries()) {
        now += gap;
        window.add([now - late, index, value], now);
        window.moveTo(now);
        const present = ofWindow.now(window);
        expect(present).toBe(fromState(now));
        if (present === undefined) continue;
        const moment = ofWindow.moment(window, { place: 0, thresholds: asked }, present);
        expect(moment).toBeGreaterThan(now);
        const is = sides(present, thresholds);
        for (let later = now + 1; later < Math.min(moment, now + WITHIN_MS); later++) {
          const will = sides(fromState(later), thresholds);
          // An expectation costs much more than this comparison.
          if (!will.every((side, place) => Object.is(side, is[place]))) expect(will).toEqual(is);
        }
      }
    };
    fc.assert(fc.property(steps, compared, says), { numRuns: RUNS });
  }, 120_000);
});

describe('a running window', () => {
  const window = (): SlidingWindow => new SlidingWindow(newWindow(), { kind: 'numbers', withinMs: WITHIN_MS });

  it('drops samples that have left in batches, and all of them if none are left', () => {
    const some = window();
    for (let at = 0; at < 100; at++) some.add([at, at, 1], at);
    some.moveTo(110);
    expect([some.count, some.state.samples.length]).toEqual([89, 100]);
    some.moveTo(150);
    expect([some.count, some.state.samples.length]).toEqual([49, 49]);
    some.moveTo(200);
    expect(some.state).toEqual({ samples: [], before: [99, 99, 1], slices: [], width: 0 });
  });

  it('looks far ahead while the value is far from the operands, and less far when it is near', () => {
    const warm = window();
    for (let at = 0; at < 100; at++) warm.add([at, at, 20 + (at % 3)], at);
    const momentFor = (threshold: number): number =>
      (CALCS.avg.ofWindow?.moment(warm, { place: threshold, thresholds: [threshold] }, 21) ?? 0) - 100;
    expect(momentFor(50)).toBeGreaterThan(40);
    expect(momentFor(22)).toBeGreaterThan(20);
    expect(momentFor(21)).toBe(0);
  });
});

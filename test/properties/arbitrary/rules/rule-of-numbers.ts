import fc from 'fast-check';
import { NUMBER_CALCULATIONS } from '../arbitrary-operand.ts';
import { duration, oneOf, ordering, property, sometimes } from '../arbitrary-parts.ts';
import { type Drawn } from '../arbitrary-condition.ts';
import { ruleAround } from './arbitrary-rule.ts';

/** Mostly for one partition with many changes. */
export function ruleOfFlapping(unit = 's'): fc.Arbitrary<object> {
  const bound = fc.constantFrom(0.11, 0.31, 0.52, 0.7);
  const comparison = sometimes(fc.record({ word: ordering, bound }), 1).map((given) =>
    given === undefined ? {} : { [given.word]: given.bound },
  );
  const flaps = fc
    .tuple(property, comparison, sometimes(duration(unit), 2), sometimes(fc.constant('number'), 4))
    .map(([name, is, held, as]) => ({
      calc: 'flapping',
      property: name,
      ...(as !== undefined && { as }),
      ...is,
      ...(held !== undefined && { for: held }),
    }));
  const evaluation = fc
    .tuple(fc.constantFrom('any', 'each', 'none'), flaps)
    .map(([type, having]) => ({ type, having }));
  return ruleAround(evaluation, unit);
}

/** Over `t` only, mostly of one partition with a long window: operands near typical sums and averages. */
export function ruleOfNumbers(unit = 's'): fc.Arbitrary<object> {
  const near = fc.constantFrom(0, 0.1, 0.2, 0.3, 0.6, 0.7, 1, 0.1 + 0.2, 0.15, -0.1, 1e16, 1e-9, 5e-324, 2, 0.5);
  const comparison = oneOf(
    { weight: 4, arbitrary: fc.record({ word: ordering, to: near }).map(({ word, to }) => ({ [word]: to })) },
    near.map((equals) => ({ equals })),
    fc.tuple(near, near).map((between) => ({ between })),
    fc.uniqueArray(near, { minLength: 1, maxLength: 4 }).map((list) => ({ in: list })),
  );
  const time = fc.integer({ min: 2, max: 15 }).map((count) => ({ within: `${count}${unit}` }));
  const last = fc.integer({ min: 1, max: 12 }).map((count) => ({ last: count }));
  const window = oneOf(
    { weight: 4, arbitrary: time },
    last,
    fc.tuple(time, last).map(([some, others]) => ({ ...some, ...others })),
  );
  const calculations = fc.constantFrom('sum', 'avg', 'changes', ...NUMBER_CALCULATIONS);
  const p = fc.constantFrom(10, 50, 95);
  const counts = fc.record({ calc: fc.constant('count'), window, is: comparison });
  const rates = fc.record({ calc: fc.constant('rate'), window: time, is: comparison });
  const leaves = oneOf(
    { weight: 6, arbitrary: fc.record({ calc: calculations, property: fc.constant('t'), window, is: comparison }) },
    fc.record({ calc: fc.constant('percentile'), property: fc.constant('t'), p, window, is: comparison }),
    counts,
    rates,
  );
  const having = fc.tuple(leaves, fc.boolean()).map(([{ is, window: its, ...calc }, parses]: [Drawn, boolean]) => ({
    ...calc,
    ...its,
    ...(parses && Object.hasOwn(calc, 'property') && { as: 'number' }),
    ...is,
  }));
  return ruleAround(
    fc.tuple(fc.constantFrom('any', 'each', 'all'), having).map(([type, leaf]) => ({ type, having: leaf })),
    unit,
  );
}

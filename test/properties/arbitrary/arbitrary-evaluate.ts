import fc from 'fast-check';
import { duration, levelTimes, number, oneOf, ordering, present, sometimes } from './arbitrary-parts.ts';
import { isCompared } from '../../../src/core/model/rule/comparison-words.ts';
import { SEVERITIES } from '../../../src/core/model/alert/severity.ts';
import { leaf, condition } from './arbitrary-condition.ts';

/** What partitions must do, or their values put together. */
export function evaluate(unit: string): fc.Arbitrary<object> {
  const judged = oneOf(
    { weight: 3, arbitrary: condition(unit).map((having) => ({ having })) },
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 3 }),
        fc.array(levelWords(unit), { minLength: 3, maxLength: 3 }),
      )
      .map(([severities, each]) => ({
        levels: severities.map((severity, index) => ({ severity, ...each[index] })),
      })),
  );
  const counted = oneOf(
    fc.record({ word: ordering, count: fc.integer({ min: 0, max: 3 }) }).map(({ word, count }) => ({ [word]: count })),
    fc.integer({ min: 0, max: 3 }).map((equals) => ({ equals })),
  );
  const type = oneOf(
    { weight: 4, arbitrary: fc.constantFrom('all', 'any', 'none', 'each').map((type) => ({ type })) },
    counted.map((comparison) => ({ type: 'count', ...comparison })),
    fc
      .record({ word: ordering, bound: fc.constantFrom(0, 33, 50, 100), of: sometimes(fc.constant('expected'), 1) })
      .map(({ word, bound, of }) => ({ type: 'percent', [word]: bound, ...(of !== undefined && { of }) })),
  );
  return oneOf(
    { weight: 4, arbitrary: fc.tuple(type, judged).map(([kind, having]) => ({ ...kind, ...having })) },
    measuring(unit),
  );
}

/** What a level may have beside its severity. */
const levelWords = (unit: string): fc.Arbitrary<object> =>
  fc
    .record({ having: condition(unit), clear: sometimes(condition(unit), 4), times: levelTimes(unit) })
    .map(({ times, ...words }) => ({ ...present(words), ...times }));

/** Values of partitions, put together: the calculation of a leaf, with another comparison. */
export function measuring(unit: string): fc.Arbitrary<object> {
  // What moves with the clock all the time is not put together.
  const ofLeaf = leaf(unit)
    .filter((given) => (given as { calc?: unknown }).calc !== 'timeIn')
    .map((given) => Object.fromEntries(Object.entries(given).filter(([word]) => !isCompared(word) && word !== 'for')));
  const of = oneOf({ weight: 2, arbitrary: ofLeaf }, fc.constant({ calc: 'latest', property: 't' }));
  const comparisons = (calc: unknown): fc.Arbitrary<object> => {
    const operand: fc.Arbitrary<unknown> = calc === 'age' || calc === 'unchanged' ? duration(unit) : number;
    return oneOf(
      { weight: 4, arbitrary: fc.record({ word: ordering, operand }).map((each) => ({ [each.word]: each.operand })) },
      operand.map((equals) => ({ equals })),
      fc.tuple(operand, operand).map((between) => ({ between })),
    );
  };
  return of.chain((calculation: { calc?: unknown }) => {
    const comparison = comparisons(calculation.calc);
    const levels = fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.tuple(comparison, levelTimes(unit)).map(([compared, times]) => ({ ...compared, ...times })),
          { minLength: 3, maxLength: 3 },
        ),
      )
      .map(([severities, each]) => ({
        levels: severities.map((severity, index) => ({ severity, ...each[index] })),
      }));
    return fc
      .tuple(fc.constantFrom('sum', 'avg', 'min', 'max'), oneOf({ weight: 3, arbitrary: comparison }, levels))
      .map(([type, compared]) => ({ type, of: calculation, ...compared }));
  });
}

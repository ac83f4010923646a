import fc from 'fast-check';
import { levelTimes, oneOf, present, sometimes } from '../arbitrary-parts.ts';
import { ruleAround } from './arbitrary-rule.ts';

/** Values between `clear` and `having` are frequent, so that partitions are latched. */
export const LATCHING_NUMBERS = fc.constantFrom(0, 5, 5, 10);

const calc = oneOf(
  { weight: 3, arbitrary: fc.constant({ calc: 'latest', property: 't' }) },
  fc.constantFrom('3s', '7s').map((within) => ({ calc: 'avg', property: 't', within })),
);

/** Rules with `clear` over partitions, mostly with one alert for all of them. */
export function ruleWithClear(unit = 's'): fc.Arbitrary<object> {
  const type = oneOf(
    { weight: 4, arbitrary: fc.constantFrom('any', 'all').map((name) => ({ type: name })) },
    fc.constantFrom('none', 'each').map((name) => ({ type: name })),
    fc.integer({ min: 1, max: 3 }).map((gte) => ({ type: 'count', gte })),
    fc.integer({ min: 1, max: 3 }).map((lt) => ({ type: 'count', lt })),
  );
  const clear = sometimes(
    calc.map((value) => ({ ...value, lt: 6 })),
    2,
  );
  const words = fc.tuple(clear, levelTimes(unit)).map(([own, times]) => present({ clear: own, ...times }));
  const levels = fc.tuple(calc, words, words).map(([value, low, high]) => ({
    levels: [
      { severity: 'warning', having: { ...value, gt: 6 }, ...low },
      { severity: 'critical', having: { ...value, gt: 8 }, ...high },
    ],
  }));
  const judged = oneOf({ weight: 3, arbitrary: calc.map((value) => ({ having: { ...value, gt: 8 } })) }, levels);
  const evaluation = fc.tuple(type, judged).map(([kind, having]) => ({ ...kind, ...having }));
  return fc
    .tuple(ruleAround(evaluation, unit), calc, sometimes(fc.constant('3s'), 1))
    .map(([rule, value, wait]) => ({ ...rule, for: wait, clear: { ...value, lt: 4 } }))
    .map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)));
}

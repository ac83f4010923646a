import fc from 'fast-check';
import { ofElements } from './arbitrary-elements.ts';
import {
  duration,
  number,
  numeric,
  ofLong,
  oneOf,
  ordering,
  present,
  property,
  sometimes,
  text,
  windowOf,
} from './arbitrary-parts.ts';

/* Right sides of comparisons that are not constants. */

export const NUMBER_CALCULATIONS = [
  ...['sum', 'avg', 'min', 'max', 'delta'],
  ...['range', 'stddev', 'deltaPercent', 'increase'],
] as const;

const factor = fc.constantFrom(-1, 0.5, 1, 2);
/** How the value of an operand becomes the right side. */
export const adjustment = fc
  .record({
    as: sometimes(fc.constant('number'), 2),
    default: sometimes(number, 2),
    times: sometimes(factor, 2),
    plus: sometimes(number, 2),
  })
  .map((given) => present(given));

/** The newest value of a property, or a calculation. */
function operandOf(unit: string): fc.Arbitrary<object> {
  const within = duration(unit);
  const window = windowOf(unit);
  const latest = fc.constantFrom('s', 't', 't', 'n.v').map((path) => ({ latest: path }));
  const ofNumbers = fc.record({ calc: fc.constantFrom(...NUMBER_CALCULATIONS), property: numeric, window });
  const others = oneOf(
    fc.record({ calc: fc.constant('count'), window }),
    fc.record({ calc: fc.constant('rate'), within }),
    fc.record({ calc: fc.constantFrom('changes', 'distinct'), property, window }),
    fc.record({ calc: fc.constant('percentile'), property: numeric, p: fc.constantFrom(50, 90), window }),
  );
  const events = sometimes(fc.array(choosing, { minLength: 1, maxLength: 1 }), 5);
  const calculated = fc
    .tuple(oneOf({ weight: 3, arbitrary: ofNumbers }, others), events, sometimes(fc.integer({ min: 1, max: 3 }), 5))
    .map(([{ window: its, ...calc }, where, minSamples]: [{ window?: object }, ...unknown[]]) => ({
      ...calc,
      ...its,
      ...(where !== undefined && { where }),
      ...(minSamples !== undefined && { minSamples }),
    }));
  return fc
    .tuple(oneOf({ weight: 2, arbitrary: latest }, calculated), adjustment)
    .map(([value, { as, ...how }]: [object, { as?: string }]) => ({
      ...value,
      ...how,
      ...(as !== undefined && ('latest' in value || 'property' in value) && { as }),
    }));
}

/** A comparison with operands: one side, both sides of `between`, or beside a constant. */
export function withOperands(unit: string): fc.Arbitrary<object> {
  const operand = operandOf(unit);
  const words = fc.constantFrom('gt', 'gte', 'lt', 'lte', 'gt', 'lt', 'equals', 'notEquals');
  return oneOf(
    { weight: 4, arbitrary: fc.tuple(words, operand).map(([word, side]) => ({ [word]: side })) },
    fc.tuple(operand, oneOf(operand, number as fc.Arbitrary<never>)).map((between) => ({ between })),
    fc.tuple(operand, number).map(([gt, lt]) => ({ gt, lt })),
  );
}

/** Which events enter a calculation. */
export const choosing = oneOf(
  { weight: 2, arbitrary: text.map((equals) => ({ property: 's', equals })) },
  number.map((gt) => ({ property: 't', gt })),
  ofLong.map((is) => ({ property: 't', ...is })),
  text.map((equals) => ({ not: { property: 's', equals } })),
  ofElements,
  fc.tuple(ordering, adjustment).map(([word, how]) => ({ property: 't', [word]: { property: 'n.v', ...how } })),
);

import fc from 'fast-check';
import { choosing, NUMBER_CALCULATIONS, withOperands } from './arbitrary-operand.ts';
import { heldCalculations } from './arbitrary-hold.ts';
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
import type { Condition } from '../../../src/core/model/rule/condition-schema.ts';

const ofText = oneOf(
  { weight: 4, arbitrary: text.map((equals) => ({ equals })) },
  text.map((notEquals) => ({ notEquals })),
  fc.uniqueArray(text, { minLength: 1, maxLength: 2 }).map((words) => ({ in: words })),
  fc.uniqueArray(text, { minLength: 1, maxLength: 2 }).map((words) => ({ notIn: words })),
  fc.constantFrom('o*', '*f', '?n', '*').map((glob) => ({ glob })),
  fc
    .tuple(fc.constantFrom('contains', 'startsWith', 'endsWith'), fc.constantFrom('o', 'f', 'ff', 'n', 'on', 'id'))
    .map(([word, part]) => ({ [word]: part })),
  fc
    .constantFrom(
      ...[{ equals: 'ON' }, { in: ['Off', 'iDLE'] }, { glob: 'O?' }],
      ...[{ contains: 'F' }, { startsWith: 'I' }, { endsWith: 'N' }, { startsWith: 'o', endsWith: 'FF' }],
    )
    .map((given) => ({ ...given, ignoreCase: true })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constant({ equals: '*' }),
);

const ofNumber = oneOf(
  { weight: 4, arbitrary: fc.record({ word: ordering, number }).map(({ word, number }) => ({ [word]: number })) },
  number.map((equals) => ({ equals })),
  number.map((notEquals) => ({ notEquals })),
  fc.tuple(number, number).map((between) => ({ between })),
  ofLong,
  fc.boolean().map((exists) => ({ exists })),
);

const ofDuration = (unit: string): fc.Arbitrary<object> =>
  oneOf(
    {
      weight: 4,
      arbitrary: fc.record({ word: ordering, length: duration(unit) }).map(({ word, length }) => ({ [word]: length })),
    },
    fc.tuple(duration(unit), duration(unit)).map((between) => ({ between })),
    duration(unit).map((equals) => ({ equals })),
    fc.boolean().map((exists) => ({ exists })),
  );

/** A calculation with its window and its comparison. */
export function leaf(unit: string): fc.Arbitrary<object> {
  const within = duration(unit);
  const window = windowOf(unit);
  const whenFull = sometimes(fc.boolean(), 2);
  const ofNumbers = fc.constantFrom(...NUMBER_CALCULATIONS);
  const minSamples = sometimes(fc.integer({ min: 1, max: 4 }), 4);
  const p = fc.constantFrom(1, 50, 90, 100);
  const chosen = fc.array(choosing, { minLength: 1, maxLength: 2 });
  const calculation = oneOf(
    { weight: 3, arbitrary: fc.record({ calc: fc.constant('latest'), property: fc.constant('s'), is: ofText }) },
    {
      weight: 2,
      arbitrary: fc.record({ calc: fc.constant('latest'), property: numeric, is: ofNumber }),
    },
    { weight: 2, arbitrary: fc.record({ calc: fc.constant('count'), window, minSamples, is: ofNumber }) },
    { weight: 1, arbitrary: fc.record({ calc: fc.constant('rate'), within, whenFull, minSamples, is: ofNumber }) },
    {
      weight: 3,
      arbitrary: fc.record({
        calc: ofNumbers,
        property: numeric,
        window,
        minSamples,
        is: ofNumber,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ calc: fc.constant('percentile'), property: fc.constant('t'), p, window, is: ofNumber }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{ calc: fc.constant('ratio'), where: chosen, among: sometimes(chosen, 1), window, minSamples },
        is: fc
          .record({ word: ordering, bound: fc.constantFrom(0.3, 0.5, 1) })
          .map(({ word, bound }) => ({ [word]: bound })),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        calc: fc.constantFrom('changes', 'distinct'),
        property,
        window,
        minSamples,
        is: ofNumber,
      }),
    },
    { weight: 2, arbitrary: fc.record({ calc: fc.constant('unchanged'), property, is: ofDuration(unit) }) },
    ...heldCalculations(unit, property, numeric, chosen, { ofNumber, ofDuration: ofDuration(unit) }),
    { weight: 1, arbitrary: fc.record({ calc: fc.constant('age'), is: ofDuration(unit) }) },
  );
  return fc
    .tuple(
      ...([calculation, sometimes(duration(unit), 3), sometimes(chosen, 4)] as const),
      ...([sometimes(fc.constant('number'), 2), sometimes(withOperands(unit), 2)] as const),
    )
    .map(([drawn, held, events, as, sides]: [Drawn, ...unknown[]]) => {
      const { is: constants, window: its, ...calc } = drawn;
      return {
        ...(events !== undefined && { where: events }),
        ...present(calc),
        ...its,
        ...(Object.hasOwn(calc, 'property') && as !== undefined && { as }),
        ...(sides === undefined || calc.calc === 'timeIn' || calc.calc === 'age' || calc.calc === 'unchanged'
          ? constants
          : (sides as object)),
        ...(held !== undefined && { for: held }),
      };
    });
}

export interface Drawn {
  is?: object;
  calc?: string;
  window?: object;
}

export function condition(unit: string): fc.Arbitrary<Condition> {
  const of = leaf(unit);
  const parts = fc.array(of, { minLength: 1, maxLength: 2 });
  const nested = oneOf(
    { weight: 4, arbitrary: of },
    parts.map((all) => ({ all })),
    parts.map((any) => ({ any })),
    of.map((not) => ({ not })),
    fc.tuple(of, parts).map(([first, any]) => ({ all: [first, { not: { any } }] })),
  );
  return nested as fc.Arbitrary<Condition>;
}

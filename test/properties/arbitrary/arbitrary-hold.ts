import fc from 'fast-check';
import { duration, sometimes } from './arbitrary-parts.ts';

/** Calculations whose value at the start of the window is known; averages reach thresholds between whole units. */
export const heldCalculations = (
  unit: string,
  property: fc.Arbitrary<string>,
  numeric: fc.Arbitrary<string>,
  chosen: fc.Arbitrary<object[]>,
  is: { ofNumber: fc.Arbitrary<object>; ofDuration: fc.Arbitrary<object> },
): { weight: number; arbitrary: fc.Arbitrary<object> }[] => {
  const [within, hold] = [duration(unit), fc.constant(true)];
  const calc = fc.constantFrom('min', 'max', 'range', 'delta', 'deltaPercent');
  const minSamples = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 });
  const timeIn = fc.constant('timeIn');
  const whenFull = sometimes(fc.boolean(), 3);
  return [
    {
      weight: 2,
      arbitrary: fc.record({ calc, property: numeric, within, minSamples, whenFull, hold, is: is.ofNumber }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        calc: fc.constant('distinct'),
        property,
        within,
        minSamples,
        whenFull,
        hold,
        is: is.ofNumber,
      }),
    },
    { weight: 2, arbitrary: fc.record({ calc: timeIn, within, whenFull, where: chosen, is: is.ofDuration }) },
  ];
};

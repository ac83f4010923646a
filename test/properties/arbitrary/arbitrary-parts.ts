import fc from 'fast-check';
import { LONG } from './arbitrary-events.ts';

/* What random rules are made of. */

/** Alternatives with the simplest first: a failing case shrinks to it. */
export const oneOf = (...alternatives: fc.MaybeWeightedArbitrary<object>[]): fc.Arbitrary<object> =>
  fc.oneof({ withCrossShrink: true }, ...alternatives);

export const LONGEST = 6;
export const duration = (unit: string): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: LONGEST }).map((count) => `${count}${unit}`);

export const number = fc.integer({ min: -1, max: 4 });
export const text = fc.constantFrom('on', 'off', 'idle');
export const ordering = fc.constantFrom('gt', 'gte', 'lt', 'lte');
export const property = fc.constantFrom('s', 't', 'n.v', 'n["v.w"]', 'n.list[1]');
export const numeric = fc.constantFrom('t', 't', 'n.v', 'n.v', 'n["v.w"]', 'n.list[1]');

/** Present once in `freq` + 1 times; a failing case shrinks to its absence. */
export const sometimes = <T>(arbitrary: fc.Arbitrary<T>, freq: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ withCrossShrink: true }, { weight: freq, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** The window of a calculation: a time, a number of events, or both; known from the start, or when it is full. */
export function windowOf(unit: string): fc.Arbitrary<object> {
  const within = duration(unit);
  const last = fc.integer({ min: 1, max: 4 });
  const whenFull = sometimes(fc.constantFrom(true, true, false), 3);
  const length = oneOf(
    { weight: 4, arbitrary: within.map((time) => ({ within: time })) },
    last.map((count) => ({ last: count })),
    fc.record({ within, last }),
  );
  return fc.tuple(length, whenFull).map(([window, full]) => present({ ...window, whenFull: full }));
}

export const present = (rule: object): object =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));

/** The times of a level, rarely: it then has times of its own. */
export const levelTimes = (unit: string, freq = 3): fc.Arbitrary<object> => {
  const time = fc.oneof({ weight: 3, arbitrary: duration(unit) }, fc.constant('0s'));
  return fc.record({ for: sometimes(time, freq), keepFiringFor: sometimes(time, freq) }).map(present);
};

export const long = fc.constantFrom(...LONG);

/** Comparisons with whole numbers that a double may not keep. */
export const ofLong = oneOf(
  { weight: 2, arbitrary: long.map((equals) => ({ equals })) },
  fc.record({ word: ordering, to: long }).map(({ word, to }) => ({ [word]: to })),
  long.map((notEquals) => ({ notEquals })),
  fc
    .tuple(fc.constantFrom('in', 'notIn'), fc.uniqueArray(long, { minLength: 1, maxLength: 3 }))
    .map(([word, list]) => ({ [word]: list })),
  fc.tuple(long, long).map((between) => ({ between })),
);

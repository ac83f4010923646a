import fc from 'fast-check';
import { number, ofLong, oneOf, ordering, sometimes, text } from './arbitrary-parts.ts';

/* Conditions on every element of a list. */

/** Of `l`, whose elements may be objects with lists; `n.list` has small numbers. */
export const manyProperty = fc.constantFrom('l[*]', 'l[*]', 'l[*].v', 'l[*].v', 'l[*].w[*]', 'n.list[*]', 'l[*].w[0]');

/** Comparisons with constants. */
export const comparisonOfElement = oneOf(
  { weight: 2, arbitrary: text.map((equals) => ({ equals })) },
  text.map((notEquals) => ({ notEquals })),
  fc.record({ word: ordering, number }).map(({ word, number: bound }) => ({ [word]: bound })),
  fc.tuple(number, number).map(([gt, lt]) => ({ gt, lt })),
  fc.tuple(number, number).map((between) => ({ between })),
  fc
    .tuple(fc.constantFrom('in', 'notIn'), fc.uniqueArray(text, { minLength: 1, maxLength: 2 }))
    .map(([word, list]) => ({ [word]: list })),
  fc.constantFrom({ contains: 'f' }, { glob: 'o?' }, { startsWith: 'i', endsWith: 'e' }, { notEquals: 2 }),
  fc.constantFrom({ equals: 'oN' }, { in: ['Off', 'iDLE'] }).map((given) => ({ ...given, ignoreCase: true })),
  ofLong,
  fc.boolean().map((exists) => ({ exists })),
  fc.constant({ equals: '*' }),
);

const leaf = fc
  .tuple(manyProperty, comparisonOfElement, sometimes(fc.constant('number'), 2))
  .map(([property, is, as]) => ({ property, ...(as !== undefined && { as }), ...is }));

/** An entry of `where`: sometimes none of the elements, or compared with another property. */
export const ofElements = oneOf(
  { weight: 3, arbitrary: leaf },
  leaf.map((not) => ({ not })),
  fc
    .tuple(manyProperty, fc.constantFrom('equals', 'notEquals', 'gt', 'lte'))
    .map(([property, word]) => ({ property, [word]: { property: 't' } })),
);

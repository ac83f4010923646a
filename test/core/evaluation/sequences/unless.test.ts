import { describe, expect, it } from 'vitest';
import { fires, is, a, b, c, noX, unless, type Case } from '../../../support/evaluation/sequences.ts';

describe('unless', () => {
  it.each<Case>([
    [
      'fires without such an event',
      [
        [0, 'a'],
        [1, 'b'],
      ],
      [1],
    ],
    [
      'ends the match',
      [
        [0, 'a'],
        [1, 'u'],
        [2, 'b'],
      ],
      [],
    ],
    [
      'ends all matches',
      [
        [0, 'a'],
        [1, 'a'],
        [2, 'u'],
        [3, 'b'],
      ],
      [],
    ],
    [
      'does not count before the match',
      [
        [0, 'u'],
        [1, 'a'],
        [2, 'b'],
      ],
      [2],
    ],
    [
      'does not end the next match',
      [
        [0, 'a'],
        [1, 'u'],
        [2, 'a'],
        [3, 'b'],
      ],
      [3],
    ],
    [
      'counts in any order of arrival',
      [
        [0, 'a'],
        [5, 'p'],
        [6, 'u', 3],
        [7, 'b'],
      ],
      [],
    ],
    [
      'counts if it arrives before an older first step',
      [
        [5, 'u'],
        [6, 'a', 3],
        [7, 'b'],
      ],
      [],
    ],
    [
      'does not count if it is older than the match',
      [
        [5, 'a'],
        [6, 'u', 3],
        [7, 'b'],
      ],
      [7],
    ],
  ])('%s', (_what, sent, expected) => expect(fires({ steps: [a, { ...b, ...unless }] }, sent)).toEqual(expected));

  it.each<Case>([
    [
      'ends the match also with an event that matches the step',
      [
        [0, 'a'],
        [1, 'b'],
      ],
      [],
    ],
  ])('%s', (_what, sent, expected) =>
    expect(
      fires({ steps: [a, { where: is('b'), unless: { where: [{ property: 'state', in: ['b', 'u'] }] } }] }, sent),
    ).toEqual(expected),
  );

  it.each<Case>([
    [
      'counts for its own step only',
      [
        [0, 'a'],
        [1, 'u'],
        [2, 'b'],
        [3, 'c'],
      ],
      [3],
    ],
    [
      'counts as soon as the step before is done',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'u'],
        [3, 'c'],
      ],
      [],
    ],
  ])('%s', (_what, sent, expected) => expect(fires({ steps: [a, b, { ...c, ...unless }] }, sent)).toEqual(expected));

  it.each<Case>([
    [
      'does not count before the deadline of a not',
      [
        [0, 'a'],
        [9, 'u'],
        [12, 'b'],
      ],
      [12],
    ],
    [
      'does not count at the deadline, as events come before deadlines',
      [
        [0, 'a'],
        [10, 'u'],
        [12, 'b'],
      ],
      [12],
    ],
    [
      'counts from there on',
      [
        [0, 'a'],
        [10.001, 'u'],
        [12, 'b'],
      ],
      [],
    ],
    [
      'does not count if it is older than the deadline',
      [
        [0, 'a'],
        [11, 'u', 9],
        [12, 'b'],
      ],
      [12],
    ],
  ])('after a not: %s', (_what, sent, expected) =>
    expect(fires({ steps: [a, noX, { ...b, ...unless }] }, sent)).toEqual(expected),
  );

  it.each<Case>([
    ['fires without such an event', [[0, 'a']], [10]],
    [
      'ends the match',
      [
        [0, 'a'],
        [5, 'u'],
      ],
      [],
    ],
    [
      'ends it at the deadline',
      [
        [0, 'a'],
        [10, 'u'],
      ],
      [],
    ],
    [
      'has no effect after the deadline',
      [
        [0, 'a'],
        [10.001, 'u'],
      ],
      [10],
    ],
    [
      'counts in any order of arrival',
      [
        [0, 'a'],
        [8, 'p'],
        [9, 'u', 5],
      ],
      [],
    ],
  ])('on a not: %s', (_what, sent, expected) =>
    expect(fires({ steps: [a, { ...noX, ...unless }] }, sent)).toEqual(expected),
  );
});

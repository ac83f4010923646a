import { describe, expect, it } from 'vitest';
import { fires, is, sequenceOf, type Sent } from '../../../support/evaluation/sequences.ts';

type Case = [what: string, sent: Sent[], expected: number[]];

const [a, b, c] = ['a', 'b', 'c'].map((state) => ({ where: is(state) })) as [object, object, object];
const noX = { not: { where: is('x') }, within: '10s' };
const unless = { unless: { where: is('u') } };

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

describe('strict', () => {
  it.each<Case>([
    [
      'fires with the next event',
      [
        [0, 'a'],
        [1, 'b'],
      ],
      [1],
    ],
    [
      'ends with any other event',
      [
        [0, 'a'],
        [1, 'p'],
        [2, 'b'],
      ],
      [],
    ],
    [
      'ends with another first step, which starts a match',
      [
        [0, 'a'],
        [1, 'a'],
        [2, 'b'],
      ],
      [2],
    ],
    [
      'does not end with a late event that is older than the step before',
      [
        [5, 'a'],
        [6, 'p', 4],
        [7, 'b'],
      ],
      [7],
    ],
    [
      'does not pass with such an event either',
      [
        [5, 'a'],
        [6, 'b', 4],
        [7, 'p'],
        [8, 'b'],
      ],
      [],
    ],
    [
      'ends with a late event that is newer than the step before',
      [
        [0, 'a'],
        [6, 'p', 4],
        [7, 'b'],
      ],
      [],
    ],
    [
      'ends if a newer event has arrived before the step before',
      [
        [5, 'p'],
        [6, 'a', 4],
        [7, 'b'],
      ],
      [],
    ],
  ])('%s', (_what, sent, expected) => expect(fires({ steps: [a, { ...b, strict: true }] }, sent)).toEqual(expected));

  it('means with times that the events follow one another directly', () => {
    const steps = [a, { ...b, strict: true, times: 2 }];
    expect(
      fires({ steps }, [
        [0, 'a'],
        [1, 'b'],
        [2, 'b'],
      ]),
    ).toEqual([2]);
    expect(
      fires({ steps }, [
        [0, 'a'],
        [1, 'b'],
        [2, 'p'],
        [3, 'b'],
      ]),
    ).toEqual([]);
  });

  it('sees only events that where of the rule takes', () => {
    const set = sequenceOf({ steps: [a, { ...b, strict: true }] }, [[0, 'a']]);
    set.send(1, { state: 'p' });
    set.send(2, { m: 'other', state: 'p' });
    set.send(3, { m: 'a', state: 'b' });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing', 'resolved']);
  });
});

describe('times', () => {
  it.each<Case>([
    [
      'fires with the third event',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'b'],
        [3, 'b'],
      ],
      [3],
    ],
    [
      'does not fire with the second',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'b'],
      ],
      [],
    ],
    [
      'allows other events in between',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'p'],
        [3, 'b'],
        [4, 'b'],
      ],
      [4],
    ],
    [
      'limits each gap',
      [
        [0, 'a'],
        [10, 'b'],
        [20, 'b'],
        [30, 'b'],
      ],
      [30],
    ],
    [
      'ends if the first is too late',
      [
        [0, 'a'],
        [10.001, 'b'],
        [11, 'b'],
        [12, 'b'],
      ],
      [],
    ],
    [
      'ends if a gap is too long',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'b'],
        [12.001, 'b'],
      ],
      [],
    ],
    [
      'does not count late events',
      [
        [0, 'a'],
        [5, 'b'],
        [6, 'b', 4],
        [7, 'b'],
      ],
      [],
    ],
  ])('%s', (_what, sent, expected) =>
    expect(fires({ steps: [a, { ...b, times: 3, within: '10s' }] }, sent)).toEqual(expected),
  );

  it.each<Case>([
    ['fires with the third event, and starts again', [0, 1, 2, 3, 4, 5].map((at): Sent => [at, 'a']), [2, 5]],
    [
      'forgets events before a long gap',
      [
        [0, 'a'],
        [1, 'a'],
        [12, 'a'],
        [13, 'a'],
        [14, 'a'],
      ],
      [14],
    ],
  ])('on the only step: %s', (_what, sent, expected) =>
    expect(fires({ steps: [{ ...a, times: 3, within: '10s' }] }, sent)).toEqual(expected),
  );

  it('on the first step starts a match with every event', () => {
    const steps = [
      { ...a, times: 2 },
      { ...b, within: '3s' },
    ];
    expect(
      fires({ steps }, [
        [0, 'a'],
        [1, 'a'],
        [4, 'a'],
        [6, 'b'],
      ]),
    ).toEqual([6]);
  });

  it('counts until unless ends the match', () => {
    const steps = [a, { ...b, times: 2, ...unless }];
    expect(
      fires({ steps }, [
        [0, 'a'],
        [1, 'b'],
        [2, 'u'],
        [3, 'b'],
        [4, 'b'],
      ]),
    ).toEqual([]);
  });

  it('reaches the largest number although a partition keeps few partial matches', () => {
    const sent = Array.from({ length: 16 }, (_, at): Sent => [at, 'a']);
    expect(fires({ steps: [{ ...a, times: 16 }, b] }, [...sent, [16, 'b']])).toEqual([16]);
  });

  it('survives a continue-as-new', () => {
    const set = sequenceOf({ steps: [{ ...a, times: 3 }], within: '10s' }, [
      [0, 'a'],
      [1, 'a'],
    ]);
    set.restore();
    set.send(2, { m: 'a', state: 'a' });
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing', 'resolved']);
  });
});

describe('within of the sequence', () => {
  it.each<Case>([
    [
      'includes the first event and the last',
      [
        [0, 'a'],
        [6, 'b'],
        [10, 'c'],
      ],
      [10],
    ],
    [
      'ends the match one moment later',
      [
        [0, 'a'],
        [6, 'b'],
        [10.001, 'c'],
      ],
      [],
    ],
    [
      'counts from the first event of each match',
      [
        [0, 'a'],
        [1, 'a'],
        [6, 'b'],
        [11, 'c'],
      ],
      [11],
    ],
  ])('%s', (_what, sent, expected) => expect(fires({ steps: [a, b, c], within: '10s' }, sent)).toEqual(expected));

  it('does not limit a not at the end', () => {
    const evaluate = { steps: [a, b, noX], within: '5s' };
    expect(
      fires(evaluate, [
        [0, 'a'],
        [5, 'b'],
      ]),
    ).toEqual([15]);
    expect(
      fires(evaluate, [
        [0, 'a'],
        [5.001, 'b'],
      ]),
    ).toEqual([]);
  });

  it('includes a not before the last event', () => {
    const evaluate = { steps: [a, noX, b], within: '12s' };
    expect(
      fires(evaluate, [
        [0, 'a'],
        [12, 'b'],
      ]),
    ).toEqual([12]);
    expect(
      fires(evaluate, [
        [0, 'a'],
        [12.001, 'b'],
      ]),
    ).toEqual([]);
  });

  it('counts from the first of several events of the first step', () => {
    const evaluate = { steps: [{ ...a, times: 3 }], within: '10s' };
    expect(
      fires(evaluate, [
        [0, 'a'],
        [8, 'a'],
        [11, 'a'],
        [12, 'a'],
      ]),
    ).toEqual([12]);
  });
});

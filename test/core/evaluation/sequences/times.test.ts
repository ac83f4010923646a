import { describe, expect, it } from 'vitest';
import { fires, sequenceOf, type Sent, a, b, unless, type Case } from '../../../support/evaluation/sequences.ts';

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

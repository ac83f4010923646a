import { describe, expect, it } from 'vitest';
import { fires, sequenceOf, a, b, type Case } from '../../../support/evaluation/sequences.ts';

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

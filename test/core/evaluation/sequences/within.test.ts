import { describe, expect, it } from 'vitest';
import { fires, a, b, c, noX, type Case } from '../../../support/evaluation/sequences.ts';

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

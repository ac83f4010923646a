import { describe, expect, it } from 'vitest';
import { fires, is, resolves, sequenceOf, type Sent } from '../../../support/evaluation/sequences.ts';

type Case = [what: string, sent: Sent[], expected: number[]];

const opened = { where: is('open') };
const notClosed = { not: { where: is('closed') }, within: '30s' };
const leftOpen = { steps: [opened, notClosed] };

describe('a late event that matches a not', () => {
  it.each<Case>([
    [
      'ends the match behind a newer event that no match took',
      [
        [0, 'open'],
        [20, 'ping'],
        [21, 'closed', 15],
      ],
      [],
    ],
    [
      'ends it with the event time of the deadline',
      [
        [0, 'open'],
        [29, 'ping', 31],
        [30, 'closed', 30],
      ],
      [],
    ],
    [
      'ends it behind an event that starts another match',
      [
        [0, 'open'],
        [20, 'open'],
        [21, 'closed', 15],
      ],
      [50],
    ],
    [
      'ends it if it arrives before the match starts',
      [
        [15, 'closed'],
        [20, 'ping'],
        [21, 'open', 0],
      ],
      [],
    ],
    [
      'ends it in the middle of all',
      [
        [20, 'ping'],
        [21, 'closed', 15],
        [22, 'open', 0],
      ],
      [],
    ],
    [
      'does not end it if it is older than the match',
      [
        [10, 'open'],
        [20, 'ping'],
        [21, 'closed', 5],
      ],
      [40],
    ],
    [
      'does not end it at the same time as the match, but before it',
      [
        [5, 'closed'],
        [6, 'open', 5],
      ],
      [35],
    ],
    [
      'does not end it if it is newer than the deadline',
      [
        [0, 'open'],
        [20, 'closed', 31],
      ],
      [30],
    ],
  ])('%s', (_what, sent, expected) => expect(fires(leftOpen, sent)).toEqual(expected));

  it.each<Case>([
    [
      'ends the condition, from before the deadline',
      [
        [0, 'open'],
        [32, 'ping'],
        [33, 'closed', 20],
      ],
      [33],
    ],
    [
      'ends the condition, from after it',
      [
        [0, 'open'],
        [50, 'ping'],
        [51, 'closed', 40],
      ],
      [51],
    ],
    [
      'does not end it from before the match',
      [
        [10, 'open'],
        [50, 'ping'],
        [51, 'closed', 5],
      ],
      [],
    ],
  ])('after the deadline %s', (_what, sent, expected) => expect(resolves(leftOpen, sent)).toEqual(expected));

  it('ends a match that waits for the second of two in a row', () => {
    const steps = [opened, { not: { where: is('x') }, within: '10s' }, notClosed];
    expect(
      fires({ steps }, [
        [0, 'open'],
        [30, 'ping'],
        [31, 'closed', 25],
      ]),
    ).toEqual([]);
    expect(fires({ steps }, [[0, 'open']])).toEqual([40]);
  });

  it('ends a match between events', () => {
    const steps = [opened, notClosed, { where: is('alarm') }];
    expect(
      fires({ steps }, [
        [0, 'open'],
        [20, 'ping'],
        [21, 'closed', 15],
        [40, 'alarm'],
      ]),
    ).toEqual([]);
    expect(
      fires({ steps }, [
        [0, 'open'],
        [20, 'ping'],
        [40, 'alarm'],
      ]),
    ).toEqual([40]);
  });
});

describe('a late event that matches a step', () => {
  const steps = [opened, { where: is('closed') }];
  it.each<Case>([
    [
      'counts behind a newer event that no match took',
      [
        [0, 'open'],
        [20, 'ping'],
        [21, 'closed', 15],
      ],
      [21],
    ],
    [
      'starts a match behind such an event',
      [
        [20, 'ping'],
        [21, 'open', 15],
        [22, 'closed'],
      ],
      [22],
    ],
    [
      'does not count if it is older than the match',
      [
        [10, 'open'],
        [21, 'closed', 5],
      ],
      [],
    ],
    [
      'starts no match if a match took a newer event',
      [
        [0, 'open'],
        [10, 'closed'],
        [11, 'open', 5],
        [12, 'closed'],
      ],
      [10],
    ],
  ])('%s', (_what, sent, expected) => expect(fires({ steps }, sent)).toEqual(expected));

  it('does not count after a not if it is older than another event of its step', () => {
    const afterNot = [opened, { not: { where: is('x') }, within: '10s' }, { where: is('closed'), times: 2 }];
    expect(
      fires({ steps: afterNot }, [
        [0, 'open'],
        [20, 'closed'],
        [21, 'closed', 15],
      ]),
    ).toEqual([]);
  });

  it('does not count after an event that is newer than the time limit', () => {
    const limited = { steps: [opened, { where: is('closed'), within: '10s' }] };
    expect(
      fires(limited, [
        [0, 'open'],
        [11, 'ping'],
        [12, 'closed', 9],
      ]),
    ).toEqual([]);
    expect(
      fires(limited, [
        [0, 'open'],
        [12, 'closed', 9],
      ]),
    ).toEqual([12]);
  });
});

describe('the state', () => {
  const sequence = (evaluate: { steps: object[]; within?: string }, sent: Sent[]) =>
    Object.values(sequenceOf(evaluate, sent).state().partitions)[0]?.sequence;

  it('has no new fields without the new words', () => {
    expect(
      JSON.stringify(
        sequence({ steps: [opened, { where: is('closed') }] }, [
          [0, 'open'],
          [1, 'ping'],
        ]),
      ),
    ).toBe('{"runs":[{"step":1,"at":1767225600000}],"held":false}');
  });

  it('remembers only the newest event that ends a match at a step', () => {
    const sent: Sent[] = [
      [1, 'closed'],
      [3, 'closed'],
      [4, 'closed', 2],
    ];
    expect(sequence(leftOpen, sent)?.unwanted).toEqual([null, 1767225603000]);
  });

  it('of an older build, without what the new fields hold, continues', () => {
    const set = sequenceOf(leftOpen, [[0, 'open']]);
    const [partition] = Object.values(set.state().partitions);
    expect(partition?.sequence).toEqual({ runs: [{ step: 1, at: 1767225600000 }], held: false });
    set.restore();
    set.advance(30);
    expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing']);
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { planLanes, type LaneView } from '../../../src/ingest/leases/lane-plan.ts';

const view = (owners: LaneView['owners'], ...alive: string[]): LaneView => ({
  me: 'me',
  alive: new Set(['me', ...alive]),
  owners,
});

describe('a reader', () => {
  it.each<[string, LaneView, { claim: number[]; release: number[] }]>([
    ['alone takes every free lane', view([null, null, null]), { claim: [0, 1, 2], release: [] }],
    ['leaves what living readers have', view(['other', null], 'other'), { claim: [1], release: [] }],
    ['takes what dead readers had', view(['dead', 'other', 'dead', 'other'], 'other'), { claim: [0, 2], release: [] }],
    ['takes no more than its share', view([null, null, null, null], 'other'), { claim: [0, 1], release: [] }],
    [
      'gives away what is beyond its share',
      view(['me', 'me', 'me', 'me', 'me'], 'other'),
      { claim: [], release: [3, 4] },
    ],
    ['has nothing to do when all is shared', view(['me', 'other', 'me', 'other'], 'other'), { claim: [], release: [] }],
  ])('%s', (_what, given, expected) => expect(planLanes(given)).toEqual(expected));
});

const readers = ['a', 'b', 'c', 'd', 'e'];
const owner = fc.constantFrom(null, 'dead', ...readers);

test.prop([
  fc.array(owner, { minLength: 1, maxLength: 32 }),
  fc.subarray(readers, { minLength: 1 }),
  fc.infiniteStream(fc.nat()),
])(
  'whoever takes a turn, and in whatever order: soon each lane has a living owner, nobody has more than a share, and it stays so',
  (start, alive, turns) => {
    const owners = [...start];
    const turn = (me: string): boolean => {
      const { claim, release } = planLanes({ me, alive: new Set(alive), owners });
      for (const lane of release) owners[lane] = null;
      for (const lane of claim) owners[lane] = me;
      return claim.length + release.length > 0;
    };
    for (let round = 0; round < 3; round++) {
      const order = [...alive].sort(() => ((turns.next().value ?? 0) % 2) - 0.5);
      for (const reader of order) turn(reader);
    }
    expect(alive.some(turn)).toBe(false);
    expect(owners.every((who) => who !== null && alive.includes(who))).toBe(true);
    const most = Math.max(...alive.map((reader) => owners.filter((who) => who === reader).length));
    expect(most).toBeLessThanOrEqual(Math.ceil(owners.length / alive.length));
  },
);

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
    ['alone claims every free lane', view([null, null, null]), { claim: [0, 1, 2], release: [] }],
    ['leaves lanes of live readers', view(['other', null], 'other'), { claim: [1], release: [] }],
    ['claims lanes of dead readers', view(['dead', 'other', 'dead', 'other'], 'other'), { claim: [0, 2], release: [] }],
    ['claims no more than its share', view([null, null, null, null], 'other'), { claim: [0, 1], release: [] }],
    ['releases lanes beyond its share', view(['me', 'me', 'me', 'me', 'me'], 'other'), { claim: [], release: [3, 4] }],
    [
      'does nothing when the lanes are balanced',
      view(['me', 'other', 'me', 'other'], 'other'),
      { claim: [], release: [] },
    ],
  ])('%s', (_what, lanes, expected) => expect(planLanes(lanes)).toEqual(expected));
});

const readers = ['a', 'b', 'c', 'd', 'e'];
const owner = fc.constantFrom(null, 'dead', ...readers);

test.prop([
  fc.array(owner, { minLength: 1, maxLength: 32 }),
  fc.subarray(readers, { minLength: 1 }),
  fc.infiniteStream(fc.nat()),
])(
  'in any order of turns, the lanes converge: each has a live owner, none has more than its share, and it stays so',
  (start, alive, turns) => {
    const owners = [...start];
    const turn = (me: string): boolean => {
      const { claim, release } = planLanes({ me, alive: new Set(alive), owners });
      for (const lane of release) owners[lane] = null;
      for (const lane of claim) owners[lane] = me;
      return claim.length + release.length > 0;
    };
    for (let pass = 0; pass < 3; pass++) {
      const order = [...alive].sort(() => ((turns.next().value ?? 0) % 2) - 0.5);
      for (const reader of order) turn(reader);
    }
    expect(alive.some(turn)).toBe(false);
    expect(owners.every((who) => who !== null && alive.includes(who))).toBe(true);
    const most = Math.max(...alive.map((reader) => owners.filter((who) => who === reader).length));
    expect(most).toBeLessThanOrEqual(Math.ceil(owners.length / alive.length));
  },
);

import { fc } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { Ranking } from '../../../src/core/partition-set/values/ranking.ts';

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
const moves = fc.array(fc.tuple(keys, fc.option(fc.integer({ min: 0, max: 5 }), { nil: null })), { maxLength: 60 });

it('has the same order as a sorted list, after whatever changes', () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: 0, max: 12 }), (list, count) => {
      const ranking = new Ranking();
      const scores = new Map<string, number>();
      for (const [key, score] of list) {
        if (score === null) {
          ranking.delete(key);
          scores.delete(key);
        } else {
          ranking.set(key, score);
          scores.set(key, score);
        }
        const sorted = [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
        expect(ranking.best).toBe(sorted[0]?.[1]);
        expect(ranking.first(count)).toEqual(sorted.slice(0, count).map(([each]) => each));
      }
    }),
    { numRuns: 500 },
  );
});

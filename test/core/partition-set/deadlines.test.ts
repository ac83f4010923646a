import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Deadlines, Timed } from '../../../src/core/partition-set/deadlines.ts';

const KEYS = ['', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
const keysOf = (due: readonly Timed[]): string[] => due.map(({ key }) => key);

describe('deadlines', () => {
  it('come up earliest first, all keys of a moment at once', () => {
    const deadlines = new Deadlines<Timed>();
    deadlines.set(new Timed('b'), 5);
    deadlines.set(new Timed('a'), 5);
    deadlines.set(new Timed('c'), 3);
    expect(deadlines.next()).toBe(3);
    expect(keysOf(deadlines.removeDue(3))).toEqual(['c']);
    expect(keysOf(deadlines.removeDue(5))).toEqual(['a', 'b']);
    expect(deadlines.next()).toBe(Infinity);
  });

  /** The expected result: a list that is sorted again every time. */
  class SortedList {
    private readonly entries = new Map<string, number>();
    set(key: string, at: number): void {
      if (at === Infinity) this.entries.delete(key);
      else this.entries.set(key, at);
    }
    next(): number {
      return Math.min(Infinity, ...this.entries.values());
    }
    removeDue(at: number): string[] {
      const due = [...this.entries].filter(([, when]) => when === at).map(([key]) => key);
      for (const key of due) this.entries.delete(key);
      return due.sort();
    }
  }

  it('match a sorted list, however they move', () => {
    const key = fc.constantFrom(...KEYS);
    const move = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          key,
          at: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.constant(Infinity)),
        }),
      },
      { weight: 2, arbitrary: fc.constant('remove due' as const) },
      { weight: 1, arbitrary: fc.constant('look' as const) },
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const [heap, list] = [new Deadlines<Timed>(), new SortedList()];
        const deadlines = new Map(KEYS.map((each) => [each, new Timed(each)]));
        for (const step of moves) {
          if (step === 'look') expect(heap.next()).toBe(list.next());
          else if (step === 'remove due') {
            const at = list.next();
            expect(heap.next()).toBe(at);
            if (at !== Infinity) expect(keysOf(heap.removeDue(at))).toEqual(list.removeDue(at));
          } else {
            heap.set(deadlines.get(step.key) as Timed, step.at);
            list.set(step.key, step.at);
          }
        }
        for (let at = list.next(); at !== Infinity; at = list.next()) {
          expect(heap.next()).toBe(at);
          expect(keysOf(heap.removeDue(at))).toEqual(list.removeDue(at));
        }
        expect(heap.next()).toBe(Infinity);
      }),
      { numRuns: 3000 },
    );
  });

  it('that are postponed forever take one entry per key', () => {
    const deadlines = new Deadlines<Timed>();
    const deadline = new Timed('a');
    for (let at = 0; at < 200_000; at++) deadlines.set(deadline, at);
    expect(JSON.stringify(deadlines).length).toBeLessThan(200);
    expect(deadlines.next()).toBe(199_999);
  });
});

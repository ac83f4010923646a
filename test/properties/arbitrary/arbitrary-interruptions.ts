import fc from 'fast-check';
import { sometimes } from './arbitrary-parts.ts';
import type { Interruption } from '../play/play.ts';
import type { Turn } from '../play/play-shards.ts';

/** What may happen before each event without any effect. */
export const interruptions: fc.Arbitrary<Interruption[]> = fc.array(
  fc.record({ advance: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }), restore: fc.boolean() }),
  { maxLength: 15 },
);

const CHANGED = [
  'evaluate',
  'forgetOn',
  'for',
  'keepFiringFor',
  'latch',
  'clear',
  'staleAfter',
  'lateTolerance',
  'noData',
  'heartbeat',
  'repeat',
  'severity',
  'expect',
  'schedule',
];

/** What may happen before each event, including new versions of the rule with some fields of other rules. */
export function turnsWith(rules: fc.Arbitrary<object>): fc.Arbitrary<Turn[]> {
  const change = fc
    .tuple(rules, fc.subarray(CHANGED, { minLength: 1, maxLength: 3 }))
    .map(([other, words]): object =>
      Object.fromEntries(words.map((word) => [word, (other as Record<string, unknown>)[word]])),
    );
  const turn = fc.record({
    advance: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    restore: fc.boolean(),
    change: sometimes(change, 1),
  });
  return fc.array(turn, { maxLength: 15 });
}

import fc from 'fast-check';
import type { Interruption } from './play.ts';

/** What may happen before each event, and must not matter. */
export const interruptions: fc.Arbitrary<Interruption[]> = fc.array(
  fc.record({ advance: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }), restore: fc.boolean() }),
  { maxLength: 15 },
);

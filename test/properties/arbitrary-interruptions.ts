import fc from 'fast-check';
import type { Interruption } from './play.ts';

/** What may happen before each event, and must not matter. */
export const interruptions: fc.Arbitrary<Interruption[]> = fc.array(
  fc.record({ advance: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), restore: fc.boolean() }),
  { maxLength: 15 },
);

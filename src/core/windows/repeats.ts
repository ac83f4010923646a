import { LIMITS } from '../primitives/limits.ts';
import type { Sample } from '../model/partition-set/window-state.ts';

/** Of a window in which only changes matter: repeats that it keeps, and changes that leave room for more. */
const KEPT_REPEATS = LIMITS.windowSamples / 2;
const MOST_CHANGES = (3 * LIMITS.windowSamples) / 4;

/**
 * The samples without those that repeat the one before, but with the newest: late samples may come between them. Null if
 * that makes no room.
 */
export function withoutRepeats(samples: readonly Sample[]): Sample[] | null {
  const recent = samples.length - KEPT_REPEATS;
  const kept = samples.filter(
    (sample, place) => place === 0 || place >= recent || sample[2] !== samples[place - 1]?.[2],
  );
  return samples.length === 0 || kept.length > MOST_CHANGES ? null : kept;
}

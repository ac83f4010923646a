import type { Value } from '../primitives/value.ts';
import type { Sample } from '../model/window-state.ts';

/** Order of samples: by own time, then by sequence. */
export const isAfter = (a: Sample, b: Sample): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/** Puts a sample into its place, which it tells; at the end, as nearly always, that costs nothing. */
export function insertInOrder(samples: Sample[], sample: Sample): number {
  let place = samples.length;
  while (place > 0 && isAfter(samples[place - 1] as Sample, sample)) place -= 1;
  if (place === samples.length) samples.push(sample);
  else samples.splice(place, 0, sample);
  return place;
}

/** Values that are no scalars are the same when their JSON is. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) return a.json === b.json;
  return a === b;
}

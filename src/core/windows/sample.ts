import type { Value } from '../primitives/value.ts';
import type { Sample } from '../model/partition-set/window-state.ts';

/** Order of samples: by event time, then by sequence. */
export const isAfter = (a: Sample, b: Sample): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/** Inserts a sample in order and returns its index. Appending, the usual case, is O(1). */
export function insertInOrder(samples: Sample[], sample: Sample): number {
  let place = samples.length;
  while (place > 0 && isAfter(samples[place - 1] as Sample, sample)) place -= 1;
  if (place === samples.length) samples.push(sample);
  else samples.splice(place, 0, sample);
  return place;
}

/** The same for a list beside the samples, at the index that `insertInOrder` returned. */
export function putAt(list: number[], place: number, number: number): void {
  if (place === list.length) list.push(number);
  else list.splice(place, 0, number);
}

/** Non-scalar values are equal if their JSON is. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if ('int' in a) return 'int' in b && a.int === b.int;
  return 'json' in a && 'json' in b && a.json === b.json;
}

/** How far a counter has risen from one sample to the next. After a restart, which lowers it, it counts from 0. */
export function rise(before: Sample, after: Sample): number {
  const [from, to] = [before[2] as number, after[2] as number];
  return to < from ? Math.max(0, to) : Math.min(to - from, Number.MAX_VALUE);
}

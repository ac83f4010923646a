/** The answer of a comparison or a condition. `undefined` is unknown: it neither holds nor fails. */
export type Truth = boolean | undefined;

/** False if one is false, else unknown if one is unknown (Kleene's strong logic). */
export function every<T>(items: readonly T[], truthOf: (item: T) => Truth): Truth {
  let result: Truth = true;
  for (const item of items) {
    const truth = truthOf(item);
    if (truth === false) return false;
    if (truth === undefined) result = undefined;
  }
  return result;
}

/** True if one is true, else unknown if one is unknown. */
export const some = <T>(items: readonly T[], truthOf: (item: T) => Truth): Truth =>
  not(every(items, (item) => not(truthOf(item))));

export const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

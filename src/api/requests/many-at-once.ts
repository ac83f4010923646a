import { VigilError, type ErrorCode } from '../../core/primitives/errors.ts';

/* Work on many workflows in one request. */

/** Does the work for each item, `atOnce` at a time. Resolves with the results in the order of the items. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = 0; next < items.length; next += atOnce)
    results.push(...(await Promise.all(items.slice(next, next + atOnce).map(work))));
  return results;
}

/** The result of the work, or its refusal: it concerns this item only. Rejects with other errors. */
export async function orProblem<Result>(
  work: () => Promise<Result>,
): Promise<Result | { problem: { code: ErrorCode; message: string } }> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    return { problem: { code: error.code, message: error.message } };
  }
}

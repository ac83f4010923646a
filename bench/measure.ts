/** One figure of one round: events a second, nanoseconds, bytes… */
export type Round = () => number | Promise<number>;

/** What a contestant came to, round by round. */
export interface Figures {
  median: number;
  rounds: number[];
}

/** Rounds that are run before any counts: until code is compiled and caches are warm. */
const WARM_UP_ROUNDS = 3;
const ROUNDS = 7;

/**
 * Lets the contestants take turns, so that whatever else the machine does meets all of them alike. The median of the
 * rounds is what counts.
 */
export async function alternate<Name extends string>(
  contestants: Record<Name, Round>,
  rounds = ROUNDS,
  warmUp = WARM_UP_ROUNDS,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(contestants) as Name[];
  const figures = new Map(names.map((name): [Name, number[]] => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      collectGarbage();
      const figure = await contestants[name]();
      if (round >= 0) figures.get(name)?.push(figure);
    }
  }
  return Object.fromEntries([...figures].map(([name, taken]) => [name, figuresOf(taken)])) as Record<Name, Figures>;
}

export const figuresOf = (rounds: number[]): Figures => ({ median: median(rounds), rounds });

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const MS_A_SECOND = 1_000;
const NS_A_MS = 1_000_000;

/** How often a second the work is done that `work` does `times` times. */
export const perSecond = async (times: number, work: () => unknown): Promise<number> =>
  (times * MS_A_SECOND) / (await millisecondsOf(work));

/** What one of `times` costs, nanoseconds. */
export const nanosecondsEach = async (times: number, work: () => unknown): Promise<number> =>
  ((await millisecondsOf(work)) * NS_A_MS) / times;

async function millisecondsOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What a round leaves behind must not be the next one's burden. Benches run with --expose-gc. */
export function collectGarbage(): void {
  globalThis.gc?.();
}

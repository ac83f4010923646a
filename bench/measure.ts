/** Measures one figure: events/s, nanoseconds, bytes … */
export type Round = () => number | Promise<number>;

/** The figures of a contestant, by round. */
export interface Figures {
  median: number;
  rounds: number[];
}

/** Uncounted rounds, to compile the code and warm the caches. */
const WARM_UP_ROUNDS = 3;
const ROUNDS = 7;

/**
 * Measures the contestants in turns, so that other load on the machine affects all of them alike. The result is the
 * median of the rounds.
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

const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000;

/** Operations per second, where `work` does `times` operations. */
export const perSecond = async (times: number, work: () => unknown): Promise<number> =>
  (times * MS_PER_SECOND) / (await millisecondsOf(work));

/** Nanoseconds per operation, where `work` does `times` operations. */
export const nanosecondsEach = async (times: number, work: () => unknown): Promise<number> =>
  ((await millisecondsOf(work)) * NS_PER_MS) / times;

async function millisecondsOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Collects the garbage of the last round. Benchmarks run with --expose-gc. */
export function collectGarbage(): void {
  globalThis.gc?.();
}
